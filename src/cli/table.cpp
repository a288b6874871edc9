#include "cli/table.hpp"

#include <algorithm>

#include "cli/display_text.hpp"

namespace quemsi::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t least_last = 8;  // what the last column keeps on a narrow terminal

std::vector<std::size_t> column_widths(const std::vector<std::vector<Cell>>& rows) {
  std::vector<std::size_t> widths;
  for (const std::vector<Cell>& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i].text));
    }
  }
  return widths;
}

void limit_last(std::vector<std::size_t>& widths, std::size_t width) {
  if (width == 0 || widths.empty()) return;
  std::size_t before = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i)
    before += widths[i] == 0 ? 0 : widths[i] + gap;
  const std::size_t left = width > before ? width - before : 0;
  widths.back() = std::min(widths.back(), std::max(left, least_last));
}

std::string render_row(const std::vector<Cell>& row, const std::vector<std::size_t>& widths,
                       const Style& style) {
  std::string line;
  std::size_t blanks = 0;  // held back, so that no line ends with them
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (widths[i] == 0) continue;
    const std::string text = fit(row[i].text, widths[i]);
    if (!text.empty()) {
      line.append(blanks, ' ').append(style.paint(row[i].colour, text));
      blanks = 0;
    }
    blanks += widths[i] - display_width(text) + gap;
  }
  return line += '\n';
}

}  // namespace

std::string Table::render(const Style& style, std::size_t width) const {
  std::vector<std::size_t> widths = column_widths(rows_);
  limit_last(widths, width);
  std::string text;
  for (const std::vector<Cell>& row : rows_) text += render_row(row, widths, style);
  return text;
}

}  // namespace quemsi::cli
