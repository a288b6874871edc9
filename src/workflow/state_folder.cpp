#include "workflow/state_folder.hpp"

#include <fmt/core.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>

#include "util/fd.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

constexpr mode_t owner_only = 0600;
constexpr mode_t with_group = 0660;
constexpr mode_t with_everybody = 0664;
constexpr mode_t all_of_group = 0070;

std::optional<mode_t> parse_octal(const std::string& text) {
  mode_t mode = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, mode, 8);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return mode;
}

/// What files get in a repository that is shared so; git falls back on the umask, we on nobody.
mode_t file_mode(const std::string& shared) {
  const std::string word(trim(shared));
  if (word == "group" || word == "true" || word == "yes" || word == "on") return with_group;
  if (word == "all" || word == "world" || word == "everybody") return with_everybody;
  const mode_t number = parse_octal(word).value_or(0);
  if (number == 1) return with_group;
  if (number == 2) return with_everybody;
  return (number & owner_only) == owner_only ? number & 0666 : owner_only;
}

mode_t wanted_mode(Project& project) {
  return state_folder_mode(project.git_config().value("core.sharedRepository"));
}

}  // namespace

mode_t state_folder_mode(const std::optional<std::string>& shared_repository) {
  const mode_t files = file_mode(shared_repository.value_or(""));
  const mode_t mode = files | ((files & 0444) >> 2);
  // What is made in it belongs to the group, too.
  return (mode & all_of_group) != 0 ? mode | S_ISGID : mode;
}

void make_state_folder(Project& project) {
  const std::filesystem::path folder = project.state_dir();
  if (stat_if_exists(folder)) return;
  const mode_t mode = wanted_mode(project);
  if (mkdir(folder.c_str(), S_IRWXU) != 0) {
    if (errno == EEXIST) return;
    throw_errno(errno, "create", folder);
  }
  // mkdir heeds the umask, core.sharedRepository goes before it.
  if (mode != S_IRWXU && chmod(folder.c_str(), mode) != 0) {
    throw_errno(errno, "set the mode of", folder);
  }
}

void check_state_folder(Project& project, Checkup& checkup) {
  const std::filesystem::path folder = project.state_dir();
  const auto status = stat_if_exists(folder);
  if (!status) return;
  const mode_t wanted = wanted_mode(project);
  if ((status->st_mode & ~wanted & (S_IRWXG | S_IRWXO)) == 0) return;
  checkup.found("privacy", Severity::warning,
                Error(ErrorKind::user, "other users may look into " + folder.string())
                    .cause("the snapshots in it hold what the databases held")
                    .hint(fmt::format("chmod {:o} '{}'", wanted, folder.string())));
}

}  // namespace quemsi
