#include "workflow/commit_text.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "util/text.hpp"

namespace quemsi {
namespace {

constexpr std::string_view scissors = " ------------------------ >8 ------------------------";
/// What git chooses from where core.commentChar is "auto".
constexpr std::string_view candidates = "#;@!$%^&|:";
/// Nobody types it.
constexpr const char* no_comment = "\x01";

/// The line that git puts above a diff tells; else the help text, which comes last.
char shown_comment(std::string_view message) {
  char last = '#';
  for (const std::string& line : split(message, '\n')) {
    if (line.empty()) continue;
    const bool may_be = candidates.find(line[0]) != std::string_view::npos;
    if (may_be && std::string_view(line).substr(1) == scissors) return line[0];
    if (may_be) last = line[0];
  }
  return last;
}

bool is_sign_off(std::string_view line) { return line.starts_with("Signed-off-by: "); }

}  // namespace

std::string comment_start(std::string_view message, const std::optional<std::string>& configured,
                          bool edited) {
  if (!edited) return no_comment;
  if (configured && !configured->empty() && *configured != "auto") return *configured;
  if (!configured) return "#";
  return {shown_comment(message)};
}

std::string kept_text(std::string_view message, std::string_view comment) {
  std::string kept;
  for (const std::string& line : split(message, '\n')) {
    const bool is_comment = line.starts_with(comment);
    if (is_comment && std::string_view(line).substr(comment.size()) == scissors) break;
    if (!is_comment) kept += line + "\n";
  }
  return std::string(trim(kept));
}

bool is_empty_message(std::string_view kept) {
  const std::vector<std::string> lines = split(kept, '\n');
  return std::all_of(lines.begin(), lines.end(), [](const std::string& line) {
    return trim(line).empty() || is_sign_off(line);
  });
}

bool is_for_autosquash(std::string_view kept) {
  static constexpr std::array<std::string_view, 3> marks{"fixup! ", "squash! ", "amend! "};
  return std::any_of(marks.begin(), marks.end(),
                     [&](std::string_view mark) { return kept.starts_with(mark); });
}

}  // namespace quemsi
