// A note is a set of lines: joining two is all that there is to a merge.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "quemsi/git.hpp"

namespace quemsi {

inline constexpr const char* notes_ref = "refs/notes/quemsi";
inline constexpr const char* notes_message = "Notes added by 'git quemsi'";

/// Without empty ones.
std::vector<std::string> note_lines(std::string_view text);
/// Sorted, each once, as git's cat_sort_uniq has it.
std::string join_notes(std::string_view text, const std::vector<std::string>& more);

/// Who writes notes at the same time is let go first: a moment that grows with the tries
/// and differs between processes. Throws Error(busy) after too many.
class NotesRetry {
 public:
  void wait();

 private:
  int tries_ = 0;
};

}  // namespace quemsi
