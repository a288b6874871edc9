// What a pg_dump wrote, or somebody in its place.
#include "engine/postgresql/script.hpp"
#include "fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quemsi;
  using namespace quemsi::postgresql_engine;
  fuzz::answer_or_refuse([&] {
    Script script = parse_script(fuzz::text_of(data, size));
    const std::string once = script_text(script);
    fuzz::require(script_text(parse_script(once)) == once, "a script reads as it was written");
    const std::size_t items = script.size();
    const SplitScript parts = split_at_data(std::move(script));
    fuzz::require(parts.pre_data.size() + parts.post_data.size() <= items,
                  "splitting adds nothing");
  });
  return 0;
}
