// Real git in a folder of its own.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quemsi/git.hpp"
#include "support/temp_dir.hpp"
#include "util/process.hpp"

namespace quemsi::git_test {

/// A variable of this process, as it was before when this goes out of scope.
class ScopedEnvironment {
 public:
  ScopedEnvironment(std::string name, const std::optional<std::string>& value);
  ~ScopedEnvironment();
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  std::string name_;
  std::optional<std::string> before_;
};

/// The working folder, likewise.
class ScopedCwd {
 public:
  explicit ScopedCwd(const std::filesystem::path& folder);
  ~ScopedCwd();
  ScopedCwd(const ScopedCwd&) = delete;
  ScopedCwd& operator=(const ScopedCwd&) = delete;

 private:
  std::filesystem::path before_;
};

void write_file(const std::filesystem::path& file, std::string_view text);
void write_script(const std::filesystem::path& file, std::string_view body);
std::string read_file(const std::filesystem::path& file);

/// A home, a global configuration and no variable of git's; a repository `repo` in it,
/// with one commit on `main`, unless a test makes its own.
class GitTest : public testing::Test {
 public:
  GitTest();

  [[nodiscard]] const std::filesystem::path& root() const { return folder_.path(); }
  [[nodiscard]] std::filesystem::path repo() const { return root() / "repo"; }
  [[nodiscard]] std::filesystem::path home() const { return root() / "home"; }

  /// Runs git in `where`; its exit code counts.
  static ProcessResult try_git(const std::filesystem::path& where,
                               std::vector<std::string> arguments);
  /// The same; a failure fails the test. What it prints, without the last newline.
  static std::string git_in(const std::filesystem::path& where, std::vector<std::string> arguments);
  [[nodiscard]] std::string git(std::vector<std::string> arguments) const {
    return git_in(repo(), std::move(arguments));
  }
  void run_git(std::vector<std::string> arguments) const {
    static_cast<void>(git(std::move(arguments)));
  }

  /// The commit that git says a revision names.
  [[nodiscard]] static std::optional<CommitId> id_of(const std::string& revision,
                                                     const std::filesystem::path& where);
  [[nodiscard]] std::optional<CommitId> id_of(const std::string& revision) const {
    return id_of(revision, repo());
  }

  /// `git init` with these options, and one commit.
  static void make_repository(const std::filesystem::path& where,
                              std::vector<std::string> options = {});
  static void commit(const std::filesystem::path& where, const std::string& file,
                     const std::string& text);
  static Repository open(const std::filesystem::path& where);
  [[nodiscard]] Repository open() const { return open(repo()); }

  void set(const std::string& name, const std::optional<std::string>& value) {
    environment_.push_back(std::make_unique<ScopedEnvironment>(name, value));
  }
  /// Puts a folder in front of PATH.
  void prepend_path(const std::filesystem::path& folder);

 private:
  test::TempDir folder_;
  std::vector<std::unique_ptr<ScopedEnvironment>> environment_;
};

}  // namespace quemsi::git_test
