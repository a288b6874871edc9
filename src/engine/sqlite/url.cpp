#include "engine/sqlite/url.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <system_error>

#include "quemsi/error.hpp"
#include "util/fd.hpp"
#include "util/text.hpp"

namespace quemsi::sqlite_engine {
namespace {

/// Query keys by which client libraries tune their own connection: they do not
/// change which database is meant.
constexpr std::array<std::string_view, 6> harmless_keys{
    "busy_timeout", "connection_limit", "journal_mode", "pool", "socket_timeout", "timeout"};
constexpr int most_links = 40;

Error refused(const std::string& why) {
  return Error(ErrorKind::config, "not a usable SQLite URL: " + why)
      .hint("write sqlite:PATH, relative to the top of the repository");
}

void check_query(std::string_view query) {
  for (const std::string& pair : split(query, '&')) {
    const std::string key = pair.substr(0, pair.find('='));
    if (pair == "mode=rw" || pair == "mode=rwc") continue;
    if (std::ranges::find(harmless_keys, key) != harmless_keys.end()) continue;
    throw refused("the parameter '" + key + "' is not supported");
  }
}

std::string_view without_scheme(std::string_view url) {
  const std::size_t colon = url.find(':');
  const std::string_view scheme = url.substr(0, colon);
  if (scheme != "sqlite" && scheme != "sqlite3" && scheme != "file") {
    throw refused("it does not start with 'sqlite:'");
  }
  return url.substr(colon + 1);
}

}  // namespace

std::filesystem::path path_of_url(std::string_view url, const std::filesystem::path& top) {
  std::string_view rest = without_scheme(url);
  const std::size_t question = rest.find('?');
  if (question != std::string_view::npos) check_query(rest.substr(question + 1));
  rest = rest.substr(0, question);
  if (rest.starts_with("//")) {
    if (!rest.starts_with("///")) throw refused("it names a host");
    rest.remove_prefix(2);
  }
  if (rest.empty()) throw refused("it names no file");
  if (rest.find(":memory:") != std::string_view::npos) {
    throw refused("a database in memory cannot be kept");
  }
  if (has_control_characters(rest)) throw refused("the path holds control characters");
  std::filesystem::path path = (top / rest).lexically_normal();
  if (path.filename().empty() || path.filename() == "..") throw refused("it names a folder");
  return path;
}

std::filesystem::path physical_path(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::path file = path;
  for (int i = 0; i < most_links; ++i) {
    const std::filesystem::path next = std::filesystem::read_symlink(file, error);
    if (error) break;
    file = file.parent_path() / next;
  }
  const auto folder = std::filesystem::weakly_canonical(file.parent_path(), error);
  if (error) throw_errno(error.value(), "look for", file);
  return folder / file.filename();
}

}  // namespace quemsi::sqlite_engine
