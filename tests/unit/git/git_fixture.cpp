#include "git_fixture.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "util/text.hpp"

extern char** environ;

/// libgit2 1.5 leaks what it matches the keys of a repository of format 1 with.
// NOLINTBEGIN(bugprone-reserved-identifier): the name is LeakSanitizer's
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libpcre2\n"; }
// NOLINTEND(bugprone-reserved-identifier)

namespace quemsi::git_test {
namespace {

namespace fs = std::filesystem;

void change_environment(const std::string& name, const std::optional<std::string>& value) {
  if (value) {
    setenv(name.c_str(), value->c_str(), 1);
  } else {
    unsetenv(name.c_str());
  }
}

std::vector<std::string> git_variables() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (text.starts_with("GIT_")) names.emplace_back(text.substr(0, text.find('=')));
  }
  return names;
}

}  // namespace

ScopedEnvironment::ScopedEnvironment(std::string name, const std::optional<std::string>& value)
    : name_(std::move(name)) {
  if (const char* before = std::getenv(name_.c_str())) before_ = before;
  change_environment(name_, value);
}

ScopedEnvironment::~ScopedEnvironment() { change_environment(name_, before_); }

ScopedCwd::ScopedCwd(const fs::path& folder) : before_(fs::current_path()) {
  fs::current_path(folder);
}

ScopedCwd::~ScopedCwd() {
  std::error_code ignored;
  fs::current_path(before_, ignored);
}

void write_file(const fs::path& file, std::string_view text) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out << text;
  ASSERT_TRUE(out.flush()) << file;
}

void write_script(const fs::path& file, std::string_view body) {
  write_file(file, "#!/bin/sh\n" + std::string(body));
  fs::permissions(file, fs::perms::owner_all);
}

std::string read_file(const fs::path& file) {
  const std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  return text.str();
}

GitTest::GitTest() {
  for (const std::string& name : git_variables()) set(name, std::nullopt);
  set("HOME", home().string());
  set("XDG_CONFIG_HOME", std::nullopt);
  set("EMAIL", std::nullopt);
  set("GIT_CONFIG_NOSYSTEM", "1");
  write_file(home() / ".gitconfig",
             "[user]\n\tname = Ada Lovelace\n\temail = ada@example.org\n"
             "[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n"
             "[protocol \"file\"]\n\tallow = always\n");
}

ProcessResult GitTest::try_git(const fs::path& where, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "git");
  return run_process({.argv = std::move(arguments), .cwd = where, .input = {}, .environment = {}});
}

std::string GitTest::git_in(const fs::path& where, std::vector<std::string> arguments) {
  const std::string shown = join(arguments, " ");
  const ProcessResult result = try_git(where, std::move(arguments));
  EXPECT_EQ(result.exit_code, 0) << "git " << shown << "\n" << result.out << result.err;
  return std::string(trim(result.out));
}

std::optional<CommitId> GitTest::id_of(const std::string& revision, const fs::path& where) {
  return CommitId(git_in(where, {"rev-parse", "--verify", revision + "^{commit}"}));
}

void GitTest::make_repository(const fs::path& where, std::vector<std::string> options) {
  fs::create_directories(where);
  options.insert(options.begin(), {"init", "--quiet"});
  git_in(where, std::move(options));
  commit(where, "file", "first\n");
}

void GitTest::commit(const fs::path& where, const std::string& file, const std::string& text) {
  write_file(where / file, text);
  git_in(where, {"add", "--", file});
  git_in(where, {"commit", "--quiet", "--message", "change " + file});
}

Repository GitTest::open(const fs::path& where) {
  std::optional<Repository> found = Repository::discover(where, QUEMSI_MODULE_DIR);
  if (!found) throw std::runtime_error("no repository in " + where.string());
  return std::move(*found);
}

void GitTest::prepend_path(const fs::path& folder) {
  const char* path = std::getenv("PATH");
  set("PATH", folder.string() + ":" + (path != nullptr ? path : ""));
}

}  // namespace quemsi::git_test
