#include "engine/mysql/innodb_report.hpp"

#include <charconv>
#include <cstdint>

namespace quemsi::mysql_engine {
namespace {

/// The list is preceded by "Trx id counter 4711"; each entry begins with "---TRANSACTION 4710, ".
constexpr std::string_view counter = "Trx id counter ";
constexpr std::string_view entry = "---TRANSACTION ";
/// What has written nothing is shown under a number from here on (MySQL trx0trx.ic,
/// trx_get_id_for_print).
constexpr std::uint64_t first_made_up_id = std::uint64_t{1} << 48;

std::string_view digits_at(std::string_view text, std::size_t start) {
  const std::size_t end = text.find_first_not_of("0123456789", start);
  return text.substr(start, end - start);
}

bool is_writer(std::string_view line) {
  if (line.find(", not started") != std::string_view::npos) return false;
  const std::string_view digits = digits_at(line, entry.size());
  std::uint64_t id = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  return parsed.ec != std::errc() || id < first_made_up_id;
}

}  // namespace

InnodbReport parse_innodb_report(std::string_view text) {
  InnodbReport report;
  const std::size_t start = text.find(counter);
  if (start == std::string_view::npos) return report;
  report.next_id = digits_at(text, start + counter.size());
  report.has_writers = text.find("... truncated...") != std::string_view::npos;
  for (std::size_t at = text.find(entry, start); at != std::string_view::npos;
       at = text.find(entry, at + entry.size())) {
    if (is_writer(text.substr(at, text.find('\n', at) - at))) report.has_writers = true;
  }
  return report;
}

}  // namespace quemsi::mysql_engine
