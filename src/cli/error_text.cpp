#include "cli/error_text.hpp"

#include <csignal>
#include <new>

#include "cli/display_text.hpp"
#include "cli/exit_code.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

constexpr std::string_view defect_hint =
    "hint: this is a defect of git-quemsi; please report it with the command that you typed\n";

/// What the message alone would not say.
std::string_view prefix(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::user:
    case ErrorKind::config:
    case ErrorKind::engine:
    case ErrorKind::busy:
    case ErrorKind::unsupported:
    case ErrorKind::io:
    case ErrorKind::cancelled:
      return "error: ";
    case ErrorKind::corrupt:
      return "error: damaged: ";
    case ErrorKind::internal:
      return "error: internal: ";
  }
  return "error: ";
}

/// Follow-up lines of a text stand under its first.
std::string block(std::string_view first_prefix, std::string_view next_prefix,
                  const std::string& text) {
  std::string lines;
  for (const std::string& line : split(trim(printable_lines(text)), '\n')) {
    lines.append(lines.empty() ? first_prefix : next_prefix).append(line).append("\n");
  }
  return lines;
}

}  // namespace

std::string error_text(const Error& error) {
  std::string text = block(prefix(error.kind()), "       ", error.what());
  for (const std::string& cause : error.causes()) text += block("  ", "  ", cause);
  if (!error.sqlstate().empty()) text += block("  SQLSTATE ", "  ", error.sqlstate());
  for (const std::string& hint : error.hints()) text += block("hint: ", "hint: ", hint);
  if (error.kind() == ErrorKind::internal) text += defect_hint;
  return text;
}

std::string error_text(const std::exception& error) {
  if (const auto* ours = dynamic_cast<const Error*>(&error)) return error_text(*ours);
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return "error: out of memory\n";
  return block("error: internal: ", "       ", error.what()).append(defect_hint);
}

std::string error_line(const std::exception& error) {
  std::string line = error.what();
  const auto* ours = dynamic_cast<const Error*>(&error);
  if (ours != nullptr && !ours->causes().empty()) line += " (" + join(ours->causes(), "; ") + ")";
  return printable(line);
}

int exit_code_of(const std::exception& error, int signal) {
  const auto* ours = dynamic_cast<const Error*>(&error);
  if (ours == nullptr || ours->kind() != ErrorKind::cancelled) return exit_code::fatal;
  return exit_code::signalled + (signal != 0 ? signal : SIGINT);
}

}  // namespace quemsi::cli
