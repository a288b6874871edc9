// An image's table of contents, out of a pack that somebody made.
#include "fuzz/fuzz.hpp"
#include "store/manifest.hpp"

namespace {

/// Parts are not the input's: each is the smallest manifest there is.
std::string read_part(const quemsi::ManifestPart& /*part*/) {
  return quemsi::encode_manifest({{"", "", {}}, {}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quemsi;
  fuzz::answer_or_refuse([&] {
    const std::string text = fuzz::text_of(data, size);
    const std::string once = encode_manifest(decode_manifest(text, read_part));
    fuzz::require(encode_manifest(decode_manifest(once, read_part)) == once,
                  "a manifest has one text");
    std::string joined;
    for (const std::string_view stretch : cut_manifest(text)) joined += stretch;
    fuzz::require(joined == text, "parts make the whole");
  });
  return 0;
}
