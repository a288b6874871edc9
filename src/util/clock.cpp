#include "util/clock.hpp"

#include <fmt/core.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

namespace quemsi {

Timestamp system_now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string format_iso(Timestamp time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t seconds = whole.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     (time - whole).count());
}

std::optional<Timestamp> parse_iso(std::string_view text) {
  const std::string copy(text);
  std::tm parts{};
  int milliseconds = 0;
  int used = 0;
  const int fields = std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n", &parts.tm_year,
                                 &parts.tm_mon, &parts.tm_mday, &parts.tm_hour, &parts.tm_min,
                                 &parts.tm_sec, &milliseconds, &used);
  if (fields != 7 || static_cast<std::size_t>(used) != copy.size()) return std::nullopt;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  const Timestamp time{std::chrono::seconds(timegm(&parts)) +
                       std::chrono::milliseconds(milliseconds)};
  if (format_iso(time) != text) return std::nullopt;
  return time;
}

std::string format_age(Timestamp time, Timestamp now) {
  constexpr std::int64_t just_now = 5;  // seconds
  using Unit = std::pair<std::int64_t, const char*>;
  static constexpr std::array<Unit, 6> units{{{365 * 86400, "year"},
                                              {30 * 86400, "month"},
                                              {7 * 86400, "week"},
                                              {86400, "day"},
                                              {3600, "hour"},
                                              {60, "minute"}}};
  const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(now - time).count();
  if (seconds < 0) return "in the future";
  if (seconds < just_now) return "just now";
  for (const auto& [length, name] : units) {
    const std::int64_t count = seconds / length;
    if (count > 0) return fmt::format("{} {}{} ago", count, name, count == 1 ? "" : "s");
  }
  return fmt::format("{} second{} ago", seconds, seconds == 1 ? "" : "s");
}

}  // namespace quemsi
