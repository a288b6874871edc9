#include "engine/common/summary.hpp"

#include <charconv>
#include <cstdint>

#include "engine/common/copy_text.hpp"

namespace quemsi {
namespace {

std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::pair<std::string, Tally>> parse_line(std::string_view line) {
  const auto fields = parse_copy_row(line);
  if (!fields || fields->size() != 5) return std::nullopt;
  const auto chunks = number(fields->at(1));
  const auto rows = number(fields->at(2));
  const auto bytes = number(fields->at(3));
  const auto checksum = number(fields->at(4));
  if (!chunks || !rows || !bytes || !checksum) return std::nullopt;
  return std::pair(fields->at(0), Tally{*chunks, *rows, *bytes, *checksum});
}

}  // namespace

std::string summary_text(const Summary& summary) {
  std::string text;
  for (const auto& [name, tally] : summary) {
    text += copy_row({name, std::to_string(tally.chunks), std::to_string(tally.rows),
                      std::to_string(tally.bytes), std::to_string(tally.checksum)});
  }
  return text;
}

std::optional<std::map<std::string, Tally>> parse_summary(std::string_view text) {
  std::map<std::string, Tally> summary;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = parse_line(text.substr(0, end));
    if (!line || !summary.insert(*line).second) return std::nullopt;
    text.remove_prefix(end + 1);
  }
  return summary;
}

}  // namespace quemsi
