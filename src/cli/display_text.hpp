// Text as a terminal shows it: widths by character, nothing that could steer the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace quemsi::cli {

/// One line of valid UTF-8 without control characters: each becomes a blank, each invalid
/// byte U+FFFD.
std::string printable(std::string_view text);
/// As printable, but keeps line feeds.
std::string printable_lines(std::string_view text);
/// Columns that printable text takes: 2 for wide characters, 0 for combining ones.
std::size_t display_width(std::string_view text);
/// At most `width` columns; what was cut ends with an ellipsis.
std::string fit(std::string_view text, std::size_t width);
/// At least `width` columns, filled with blanks.
std::string pad(std::string_view text, std::size_t width);
/// A word as a shell would have to see it.
std::string shell_word(std::string_view word);
/// Each line with `prefix` before it; empty lines stay empty.
std::string indent(std::string_view text, std::string_view prefix);

}  // namespace quemsi::cli
