// Colours, as git decides on them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quemsi::cli {

enum class Colour { none, yellow, green, red, cyan, bold, dim };

/// What decides: `color.quemsi`, then `color.ui`, then NO_COLOR, then whether a person looks.
struct ColourSources {
  std::optional<std::string> color_quemsi;
  std::optional<std::string> color_ui;
  bool no_color = false;
  bool terminal = false;  ///< stdout is one, or our pager's
};
bool wants_colour(const ColourSources& sources);

class Style {
 public:
  Style() = default;
  explicit Style(bool colour) : colour_(colour) {}
  [[nodiscard]] bool colour() const { return colour_; }
  [[nodiscard]] std::string paint(Colour colour, std::string_view text) const;

 private:
  bool colour_ = false;
};

}  // namespace quemsi::cli
