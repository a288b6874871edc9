#include "cli/style.hpp"

namespace quemsi::cli {
namespace {

std::string_view escape(Colour colour) {
  switch (colour) {
    case Colour::none:
      return "";
    case Colour::yellow:
      return "\x1b[33m";
    case Colour::green:
      return "\x1b[32m";
    case Colour::red:
      return "\x1b[31m";
    case Colour::cyan:
      return "\x1b[36m";
    case Colour::bold:
      return "\x1b[1m";
    case Colour::dim:
      return "\x1b[2m";
  }
  return "";
}

/// git's words for a colour setting; anything else counts as `auto`.
bool decide(const std::string& value, bool terminal) {
  if (value == "always") return true;
  if (value == "never" || value == "false" || value == "no" || value == "off" || value == "0") {
    return false;
  }
  return terminal;
}

}  // namespace

bool wants_colour(const ColourSources& sources) {
  if (sources.color_quemsi) return decide(*sources.color_quemsi, sources.terminal);
  if (sources.color_ui) return decide(*sources.color_ui, sources.terminal);
  return !sources.no_color && sources.terminal;
}

std::string Style::paint(Colour colour, std::string_view text) const {
  if (!colour_ || colour == Colour::none || text.empty()) return std::string(text);
  return std::string(escape(colour)).append(text).append("\x1b[m");
}

}  // namespace quemsi::cli
