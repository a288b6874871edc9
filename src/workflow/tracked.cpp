#include "workflow/tracked.hpp"

#include <fmt/core.h>

namespace quemsi {

std::optional<std::string> tracked_file(Project& project, const std::string& database) {
  const auto file = project.database(database).live_file();
  if (!file) return std::nullopt;
  const std::string path = file->lexically_relative(project.repository().top()).generic_string();
  const bool outside = path.empty() || path == ".." || path.starts_with("../");
  if (outside || !project.repository().is_tracked(path)) return std::nullopt;
  return path;
}

std::vector<std::string> tracked_files(Project& project) {
  std::vector<std::string> files;
  for (const DatabaseSpec& spec : project.config().databases) {
    if (auto file = tracked_file(project, spec.name)) files.push_back(std::move(*file));
  }
  return files;
}

Error tracked_error(const std::string& file) {
  return Error(ErrorKind::user, "git tracks " + file + ", so it cannot follow the branch")
      .cause("git writes it on checkout, whatever is in it")
      .hint("git rm --cached '" + file + "'")
      .hint("do so on every branch that has it, and commit it");
}

std::string tracked_line(const std::string& file) {
  return fmt::format(
      "git tracks {0} and writes it on checkout; on every branch that has it, run and commit: "
      "git rm --cached '{0}'",
      file);
}

}  // namespace quemsi
