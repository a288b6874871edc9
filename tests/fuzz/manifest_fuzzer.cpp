// An image's table of contents, out of a pack that somebody made.
#include "fuzz/fuzz.hpp"
#include "store/manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quemsi;
  fuzz::answer_or_refuse([&] {
    const std::string once = encode_manifest(decode_manifest(fuzz::text_of(data, size)));
    fuzz::require(encode_manifest(decode_manifest(once)) == once, "a manifest has one text");
  });
  return 0;
}
