#include "git/location.hpp"

#include <system_error>

#include "git/git_command.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view nowhere = "fatal: not a git repository (or any ";

[[noreturn]] void refuse(const fs::path& start, const ProcessResult& result) {
  const std::vector<std::string> lines = split(result.out, '\n');
  const auto says = [&lines](std::size_t line, std::string_view answer) {
    return lines.size() > line && lines[line] == answer;
  };
  if (says(0, "true")) {
    throw Error(ErrorKind::unsupported, start.string() + " is in a bare repository")
        .cause("a bare repository has no worktree, so no application runs there")
        .hint("git worktree add <path> <branch>");
  }
  if (says(1, "false")) {
    throw Error(ErrorKind::user, start.string() + " is not in a worktree")
        .hint("run it in the folder that holds your files");
  }
  Error error(ErrorKind::unsupported, "git refuses the repository at " + start.string());
  error.cause(std::string(trim(result.err)));
  if (result.err.find("safe.directory") != std::string::npos) {
    error.hint("git config --global --add safe.directory '" + start.string() + "'");
  }
  throw std::move(error);
}

}  // namespace

std::optional<Location> search_by_git(const fs::path& start) {
  const ProcessResult result = run_git_at(
      start, {"rev-parse", "--path-format=absolute", "--is-bare-repository",
              "--is-inside-work-tree", "--git-dir", "--git-common-dir", "--show-toplevel"});
  if (result.err.starts_with(nowhere)) return std::nullopt;
  const std::vector<std::string> lines = split(result.out, '\n');
  if (result.exit_code != 0 || lines.size() < 5) refuse(start, result);
  return Location{
      .top = fs::canonical(lines[4]),
      .git_dir = fs::canonical(lines[2]),
      .common_dir = fs::canonical(lines[3]),
  };
}

std::optional<Location> locate(const fs::path& start) {
  std::error_code code;
  const fs::path real = fs::canonical(start, code);
  if (code) {
    throw Error(ErrorKind::io, "cannot enter " + start.string() + ": " + code.message());
  }
  const SearchResult found = search_by_files(real);
  switch (found.finding) {
    case Finding::repository:
      return found.location;
    case Finding::nothing:
      return std::nullopt;
    case Finding::unclear:
      break;
  }
  return search_by_git(real);
}

}  // namespace quemsi
