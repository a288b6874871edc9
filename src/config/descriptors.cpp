#include "config/descriptors.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>

#include "util/text.hpp"

namespace quemsi::config {
namespace {

using std::chrono::milliseconds;

/// Ten years.
constexpr std::uint64_t most_days = 3650;

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
char upper(char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); }

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t most) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value > most) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_positive(std::string_view text, std::uint64_t most) {
  const auto value = parse_number(text, most);
  return value && *value > 0 ? value : std::nullopt;
}

/// What git takes for a boolean.
std::optional<bool> parse_bool(std::string_view text) {
  const std::string word = lowered(text);
  if (word == "true" || word == "yes" || word == "on" || word == "1") return true;
  if (word == "false" || word == "no" || word == "off" || word == "0") return false;
  return std::nullopt;
}

/// "5" and "5s" are seconds, "500ms" and "2m" what they say.
std::optional<milliseconds> parse_duration(std::string_view text) {
  constexpr std::uint64_t most = std::chrono::milliseconds(std::chrono::hours(1)).count();
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string unit = lowered(trim(text.substr(digits)));
  const std::uint64_t scale = unit == "ms"                  ? 1
                              : unit.empty() || unit == "s" ? 1000
                              : unit == "m"                 ? 60'000
                                                            : 0;
  const auto value = parse_number(text.substr(0, digits), most);
  if (!value || scale == 0 || *value * scale > most) return std::nullopt;
  return milliseconds(*value * scale);
}

std::optional<ConnectionPolicy> parse_policy(std::string_view text) {
  if (text == "terminate") return ConnectionPolicy::terminate;
  if (text == "wait") return ConnectionPolicy::wait;
  if (text == "refuse") return ConnectionPolicy::refuse;
  return std::nullopt;
}

std::optional<DefinerPolicy> parse_definers(std::string_view text) {
  if (text == "auto") return DefinerPolicy::automatic;
  if (text == "keep") return DefinerPolicy::keep;
  if (text == "rewrite") return DefinerPolicy::rewrite;
  return std::nullopt;
}

std::optional<OnCommit> parse_on_commit(std::string_view text) {
  if (text == "auto") return OnCommit::automatic;
  if (text == "snapshot") return OnCommit::snapshot;
  if (text == "link") return OnCommit::link;
  if (text == "off") return OnCommit::off;
  return std::nullopt;
}

std::optional<CommitTrailers> parse_trailers(std::string_view text) {
  if (text == "new") return CommitTrailers::fresh;
  if (text == "always") return CommitTrailers::always;
  if (text == "off") return CommitTrailers::off;
  return std::nullopt;
}

std::optional<DetachedHead> parse_detached(std::string_view text) {
  if (text == "keep") return DetachedHead::keep;
  if (text == "nearest") return DetachedHead::nearest;
  return std::nullopt;
}

/// A program, with arguments where it takes some: words without quotes or control characters.
std::optional<std::string> parse_command(std::string_view text) {
  const auto is_odd = [](unsigned char c) { return std::iscntrl(c) != 0 || c == '"' || c == '\''; };
  if (trim(text).empty() || std::ranges::any_of(text, is_odd)) return std::nullopt;
  return std::string(trim(text));
}

/// Stores a parsed value where there is one.
template <class Value, class Parsed>
bool store(Value& target, const std::optional<Parsed>& value) {
  if (value) target = *value;
  return value.has_value();
}

constexpr std::array rows{
    Descriptor{"version", "1", "1, the only version that this git-quemsi reads",
               "of this file's format", true,
               [](Config&, std::string_view text) { return text == "1"; }},
    Descriptor{"follow.branches", "true", "true or false",
               "the git hooks make the databases follow the branch", false,
               [](Config& config, std::string_view text) {
                 return store(config.follow, parse_bool(text));
               }},
    Descriptor{"follow.detached", "keep", "keep or nearest",
               "on a detached HEAD: the databases stay, or get what is linked nearest to it", false,
               [](Config& config, std::string_view text) {
                 return store(config.detached, parse_detached(text));
               }},
    Descriptor{"follow.bisect", "keep", "keep or nearest", "the same at each step of git bisect",
               false,
               [](Config& config, std::string_view text) {
                 return store(config.bisect, parse_detached(text));
               }},
    Descriptor{"on_commit", "auto", "auto, snapshot, link or off",
               "links commits to snapshots; auto takes one when the schema has changed", false,
               [](Config& config, std::string_view text) {
                 return store(config.on_commit, parse_on_commit(text));
               }},
    Descriptor{"commit_trailers", "new", "new, always or off",
               "messages name the snapshots that were taken for the commit", false,
               [](Config& config, std::string_view text) {
                 return store(config.commit_trailers, parse_trailers(text));
               }},
    Descriptor{"warm", "2", "a number from 0 to 100",
               "newest snapshots of your own kept ready to be swapped in, beside branch tips",
               false,
               [](Config& config, std::string_view text) {
                 return store(config.warm, parse_number(text, 100));
               }},
    Descriptor{"parked_budget", "10GB", "a size such as 10GB or 512MB",
               "most that the copies kept ready may take on disk", false,
               [](Config& config, std::string_view text) {
                 return store(config.parked_budget, parse_bytes(text));
               }},
    Descriptor{"retention.automatic", "true", "true or false",
               "what nobody needs any more is removed in the background, once a day at most", false,
               [](Config& config, std::string_view text) {
                 return store(config.retention.automatic, parse_bool(text));
               }},
    Descriptor{"retention.last", "20", "a number from 1 to 100000",
               "automatic snapshots kept for each branch: the newest", false,
               [](Config& config, std::string_view text) {
                 return store(config.retention.last, parse_positive(text, 100'000));
               }},
    Descriptor{"retention.daily", "7", "a number from 0 to 3650",
               "and the newest of each of that many days", false,
               [](Config& config, std::string_view text) {
                 return store(config.retention.daily, parse_number(text, most_days));
               }},
    Descriptor{"retention.weekly", "4", "a number from 0 to 520", "and of each of that many weeks",
               false,
               [](Config& config, std::string_view text) {
                 return store(config.retention.weekly, parse_number(text, most_days / 7));
               }},
    Descriptor{"retention.temporary", "30", "a number of days from 0 to 3650",
               "temporary databases are dropped after so many days; 0: never", false,
               [](Config& config, std::string_view text) {
                 return store(config.retention.temporary, parse_number(text, most_days));
               }},
    Descriptor{"retention.grace", "14", "a number of days from 0 to 3650",
               "what a deleted branch or worktree had is kept for so many days", false,
               [](Config& config, std::string_view text) {
                 return store(config.retention.grace, parse_number(text, most_days));
               }},
    Descriptor{"busy_timeout", "5s", "a time of at most 1 hour such as 5s, 500ms or 2m",
               "longest wait for an application that holds a lock", false,
               [](Config& config, std::string_view text) {
                 return store(config.busy_timeout, parse_duration(text));
               }},
    Descriptor{
        "connections", "terminate", "terminate, wait or refuse",
        "what happens to applications connected to a server's database that is to be swapped",
        false,
        [](Config& config, std::string_view text) {
          return store(config.connections, parse_policy(text));
        }},
    Descriptor{"definers", "auto", "auto, keep or rewrite",
               "whom MySQL's views, triggers, routines and events run as once they are made again",
               false,
               [](Config& config, std::string_view text) {
                 return store(config.definers, parse_definers(text));
               }},
    Descriptor{"tools.pg_dump", "pg_dump", "a program, with arguments if need be",
               "reads the schema of PostgreSQL databases; for instance: docker exec db pg_dump",
               false,
               [](Config& config, std::string_view text) {
                 return store(config.tools["pg_dump"], parse_command(text));
               }},
};

std::vector<std::string> all_keys() {
  std::vector<std::string> keys{std::string(databases_key)};
  for (const Descriptor& row : rows) keys.emplace_back(row.key);
  return keys;
}

}  // namespace

std::span<const Descriptor> descriptors() { return rows; }

const Descriptor* find_descriptor(std::string_view key) {
  const auto* found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.key == key; });
  return found == rows.end() ? nullptr : found;
}

bool is_group(std::string_view key) {
  const std::string prefix = std::string(key) + '.';
  return std::any_of(rows.begin(), rows.end(),
                     [&](const auto& row) { return row.key.starts_with(prefix); });
}

std::string environment_name(const Descriptor& descriptor) {
  std::string name = "QUEMSI_";
  for (const char c : descriptor.key) name += c == '.' ? '_' : upper(c);
  return name;
}

std::string git_name(const Descriptor& descriptor) {
  std::string name;
  bool starts_word = false;
  for (const char c : descriptor.key) {
    const bool separator = c == '.' || c == '_';
    if (!separator) name += starts_word ? upper(c) : c;
    starts_word = separator;
  }
  return name;
}

std::vector<std::string> unknown_key_hints(std::string_view key) {
  constexpr std::size_t longest = 64;  // nobody meant a known key by more
  const auto near = nearest(key.substr(0, longest), all_keys(), 1);
  if (!near.empty()) return {fmt::format("did you mean '{}'?", near.front())};
  return {fmt::format("the keys are: {}", join(all_keys(), ", "))};
}

}  // namespace quemsi::config
