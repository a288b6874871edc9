// Rows and definitions of a MySQL image, out of a pack that somebody made.
#include "engine/mysql/image_format.hpp"
#include "fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quemsi;
  using namespace quemsi::mysql_engine;
  const std::string text = fuzz::text_of(data, size);
  fuzz::answer_or_refuse([&] {
    const std::string once = objects_text(parse_objects(text));
    fuzz::require(objects_text(parse_objects(once)) == once, "definitions have one text");
  });
  fuzz::answer_or_refuse([&] {
    const std::string once = counters_text(parse_counters(text));
    fuzz::require(counters_text(parse_counters(once)) == once, "counters have one text");
  });
  return 0;
}
