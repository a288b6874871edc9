// Columns that line up.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/style.hpp"

namespace quemsi::cli {

struct Cell {
  std::string text;  ///< printable
  Colour colour = Colour::none;
};

/// Left-aligned columns, two blanks apart; a column without any text is left out.
class Table {
 public:
  void row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  /// `width` columns at most, cutting the last one; 0: no limit.
  [[nodiscard]] std::string render(const Style& style, std::size_t width) const;

 private:
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace quemsi::cli
