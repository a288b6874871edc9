// URLs as applications write them.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <system_error>
#include <utility>

#include "config/expand.hpp"
#include "config/find.hpp"
#include "config/url.hpp"
#include "util/text.hpp"

namespace quemsi::config {
namespace {

namespace fs = std::filesystem;

/// "postgresql+psycopg2" (SQLAlchemy) names a driver that means nothing to us.
std::string scheme_of(std::string_view url) {
  const std::size_t colon = url.find(':');
  std::string scheme(colon == npos ? std::string_view{} : url.substr(0, colon));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return scheme.substr(0, scheme.find('+'));
}

std::string_view our_scheme(std::string_view scheme) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> known{
      {{"postgres", "postgres"},
       {"postgresql", "postgresql"},
       {"postgis", "postgresql"},
       {"pgsql", "postgresql"},
       {"mysql", "mysql"},
       {"mysql2", "mysql"},
       {"trilogy", "mysql"},
       {"mariadb", "mariadb"}}};
  const auto* found = std::find_if(known.begin(), known.end(),
                                   [&](const auto& entry) { return entry.first == scheme; });
  return found == known.end() ? std::string_view{} : found->second;
}

/// The file that is there, else the first.
fs::path existing_or_first(const std::vector<fs::path>& paths, const fs::path& top) {
  for (const fs::path& path : paths) {
    std::error_code ignored;
    if (fs::exists(top / path, ignored)) return path;
  }
  return paths.front();
}

/// What three slashes begin is relative for SQLAlchemy, Django and most others (they write four
/// for an absolute path), and absolute for Rails, which says `sqlite3`.
std::vector<fs::path> readings_of_sqlite(std::string_view rest, bool rails) {
  if (rest.starts_with("////")) return {fs::path(rest.substr(3))};
  if (!rest.starts_with("//")) return {fs::path(rest)};
  if (!rest.starts_with("///")) return {fs::path(rest.substr(2))};
  const fs::path relative(rest.substr(3));
  const fs::path absolute(rest.substr(2));
  return rails ? std::vector{absolute, relative} : std::vector{relative, absolute};
}

/// Prisma counts `file:./dev.db` from the folder of its schema.
std::vector<fs::path> readings_of_file(std::string_view rest, const fs::path& top) {
  if (rest.starts_with("///")) return {fs::path(rest.substr(2))};
  if (rest.starts_with("//")) rest.remove_prefix(2);
  const fs::path path(rest);
  std::error_code ignored;
  if (path.is_relative() && fs::exists(top / "prisma" / "schema.prisma", ignored)) {
    return {"prisma" / path, path};
  }
  return {path};
}

std::optional<DatabaseCandidate> candidate_of_file_url(std::string_view scheme,
                                                       std::string_view rest,
                                                       const std::string& source,
                                                       const fs::path& top) {
  rest = rest.substr(0, rest.find('?'));
  const std::size_t begin = rest.find_first_not_of('/');
  if (begin == npos || rest.find(":memory:") != npos) return std::nullopt;
  const auto readings = scheme == "file" ? readings_of_file(rest, top)
                                         : readings_of_sqlite(rest, scheme == "sqlite3");
  return candidate_of_file(existing_or_first(readings, top), source, top);
}

/// A password stays where it is: what is written will be committed.
std::string without_password(const std::string& url) {
  std::string text = mask_password(url);
  constexpr std::string_view masked = ":***@";
  const std::size_t at = text.find(masked);
  if (at != std::string::npos) text.replace(at, masked.size(), "@");
  return text.find("***") == std::string::npos ? text : text.substr(0, text.find('?'));
}

std::string usable_name(const std::string& name) { return problem_with_name(name) ? "app" : name; }

std::string name_of_server_url(std::string_view url) {
  url = url.substr(0, url.find('?'));
  const std::size_t host = url.find("://");
  const std::size_t slash = host == npos ? npos : url.find('/', host + 3);
  return usable_name(slash == npos ? "" : decode_percent(url.substr(slash + 1)));
}

}  // namespace

std::optional<DatabaseCandidate> candidate_of_file(const fs::path& path, const std::string& source,
                                                   const fs::path& top) {
  fs::path file = path.lexically_normal();
  const fs::path inside = file.lexically_relative(top);
  if (!inside.empty() && *inside.begin() != "..") file = inside;
  const std::string url = "sqlite:" + file.string();
  // A '?' would begin the parameters.
  if (problem_with_url(url) || url.find('?') != std::string::npos) return std::nullopt;
  return DatabaseCandidate{usable_name(file.stem().string()), url, source, escape_for_expand(url)};
}

std::optional<DatabaseCandidate> candidate_of_url(std::string_view url,
                                                  const std::string& reference,
                                                  const std::string& source, const fs::path& top) {
  const std::string scheme = scheme_of(url);
  if (scheme.empty()) return std::nullopt;
  const std::string_view rest = url.substr(url.find(':') + 1);
  if (scheme == "sqlite" || scheme == "sqlite3" || scheme == "file") {
    return candidate_of_file_url(scheme, rest, source, top);
  }
  const std::string_view ours = our_scheme(scheme);
  const std::string full = fmt::format("{}:{}", ours, rest);
  if (ours.empty() || !rest.starts_with("//") || problem_with_url(full)) return std::nullopt;
  const bool by_reference = full == url && !reference.empty();
  return DatabaseCandidate{name_of_server_url(full), full, source,
                           by_reference ? reference : escape_for_expand(without_password(full))};
}

}  // namespace quemsi::config
