// Notes and commit messages: anybody writes those.
#include "fuzz/fuzz.hpp"
#include "util/text.hpp"
#include "workflow/commit_text.hpp"
#include "workflow/link_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace quemsi;
  const std::string text = fuzz::text_of(data, size);
  for (const SnapshotId& id : linked_ids(split(text, '\n'))) {
    fuzz::require(is_snapshot_id(id.str()), "what a note links is an id");
  }
  for (const std::string& value : trailer_values(text)) {
    fuzz::require(!value.empty() && value.find('\n') == std::string::npos, "a trailer is a line");
  }
  for (const bool edited : {false, true}) {
    const std::string kept = kept_text(text, comment_start(text, "auto", edited));
    fuzz::require(kept.size() <= text.size() + 1, "what is kept was there");
    static_cast<void>(is_empty_message(kept));
    static_cast<void>(is_for_autosquash(kept));
  }
  return 0;
}
