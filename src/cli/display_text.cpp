#include "cli/display_text.hpp"

#include <algorithm>
#include <array>

#include "util/text.hpp"

namespace quemsi::cli {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD
constexpr std::string_view ellipsis = "\xe2\x80\xa6";     // U+2026

struct Range {
  char32_t first;
  char32_t last;
};

// East Asian wide and fullwidth, and emoji: the blocks, not every gap in them.
constexpr std::array<Range, 9> wide{{{0x1100, 0x115f},
                                     {0x2e80, 0xa4cf},
                                     {0xac00, 0xd7a3},
                                     {0xf900, 0xfaff},
                                     {0xfe30, 0xfe6f},
                                     {0xff00, 0xff60},
                                     {0xffe0, 0xffe6},
                                     {0x1f300, 0x1faff},
                                     {0x20000, 0x3fffd}}};
// Combining marks, joiners and variation selectors.
constexpr std::array<Range, 5> zero{
    {{0x0300, 0x036f}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}}};

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t point) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return point >= range.first && point <= range.last;
  });
}

/// Printable ASCII, which most of a long list is: a byte a column, nothing to clean.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// The sequence at the start of `text`: its bytes, or one byte where it is invalid.
std::string_view first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  const std::string_view character = text.substr(0, length);
  return is_valid_utf8(character) ? character : text.substr(0, 1);
}

char32_t code_point(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return lead;
  char32_t point = lead & (0xffU >> (character.size() + 1));
  for (const char c : character.substr(1)) point = (point << 6) | (static_cast<unsigned>(c) & 0x3f);
  return point;
}

std::size_t columns(std::string_view character) {
  const char32_t point = code_point(character);
  if (contains(zero, point)) return 0;
  return contains(wide, point) ? 2 : 1;
}

std::string cleaned(std::string_view text, bool keep_lines) {
  if (is_plain(text)) return std::string(text);
  std::string clean;
  while (!text.empty()) {
    const std::string_view character = first_character(text);
    text.remove_prefix(character.size());
    const char32_t point = code_point(character);
    const bool control = point < 0x20 || point == 0x7f || (point >= 0x80 && point < 0xa0);
    if (character.size() == 1 && point >= 0x80) {
      clean += replacement;
    } else if (control && !(keep_lines && point == '\n')) {
      clean += ' ';
    } else {
      clean += character;
    }
  }
  return clean;
}

}  // namespace

std::string printable(std::string_view text) { return cleaned(text, false); }

std::string printable_lines(std::string_view text) { return cleaned(text, true); }

std::size_t display_width(std::string_view text) {
  if (is_plain(text)) return text.size();
  std::size_t width = 0;
  while (!text.empty()) {
    const std::string_view character = first_character(text);
    width += columns(character);
    text.remove_prefix(character.size());
  }
  return width;
}

std::string fit(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::string shown;
  std::size_t used = 1;  // the ellipsis
  while (!text.empty()) {
    const std::string_view character = first_character(text);
    used += columns(character);
    if (used > width) break;
    shown += character;
    text.remove_prefix(character.size());
  }
  return width == 0 ? shown : shown.append(ellipsis);
}

std::string pad(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(text) + std::string(width > used ? width - used : 0, ' ');
}

std::string shell_word(std::string_view word) {
  constexpr std::string_view safe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+=,";
  if (!word.empty() && word.find_first_not_of(safe) == std::string_view::npos) {
    return std::string(word);
  }
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

std::string indent(std::string_view text, std::string_view prefix) {
  std::string indented;
  for (const std::string& line : split(text, '\n')) {
    if (!indented.empty()) indented += '\n';
    if (!line.empty()) indented.append(prefix).append(line);
  }
  return indented;
}

}  // namespace quemsi::cli
