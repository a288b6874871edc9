// A user with a home, a git and a repository of their own; nothing of the
// machine's settings reaches them.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "support/command.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::test {

struct SandboxOptions {
  std::filesystem::path bin_dir;      ///< of git-quemsi, first in PATH
  std::string folder = "my app";      ///< of the repository
  Words git_init = {};                ///< further arguments of git init
  std::filesystem::path parent = {};  ///< a folder to use instead of a temporary one
};

class Sandbox {
 public:
  /// The repository has one commit on main, whose .gitignore covers databases.
  explicit Sandbox(SandboxOptions options);
  /// Waits for background processes to end.
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  [[nodiscard]] const std::filesystem::path& home() const noexcept { return home_; }
  [[nodiscard]] const std::filesystem::path& top() const noexcept { return top_; }
  /// Where git-quemsi keeps what it knows.
  [[nodiscard]] const std::filesystem::path& state_dir() const noexcept { return state_dir_; }

  /// What the next commands find in their environment.
  void set(const std::string& name, const std::string& value) { environment_[name] = value; }
  void unset(const std::string& name) { environment_.erase(name); }
  /// For commands with threads: LeakSanitizer, which stops them, falls over one that is about to
  /// end. What leaks, the engines' own suites show.
  void look_for_no_leaks() { environment_["ASAN_OPTIONS"] += ":detect_leaks=0"; }

  /// A command in the repository, not started yet.
  [[nodiscard]] CommandRequest request(Words argv) const;
  [[nodiscard]] CommandResult run(Words argv) const;
  [[nodiscard]] CommandResult run_in(const std::filesystem::path& cwd, Words argv) const;

  // These throw std::runtime_error, with all that is known, unless the exit code is 0.
  std::string ok(Words argv) const;
  std::string git(Words arguments) const;
  std::string quemsi(Words arguments) const;

  /// `git quemsi ...`, whatever its exit code.
  [[nodiscard]] CommandResult try_quemsi(Words arguments) const;
  /// The JSON that `git quemsi ... --json` prints; it must succeed.
  [[nodiscard]] nlohmann::json json(Words arguments) const;

  void commit(const std::string& message) const;
  /// Waits until nothing runs or waits in the background.
  void settle() const;
  /// Waits until no background process runs, whatever it has left to do.
  bool wait_for_processes(std::chrono::milliseconds limit) const;

 private:
  TempDir folder_;
  std::filesystem::path home_;
  std::filesystem::path top_;
  std::filesystem::path state_dir_;
  std::map<std::string, std::string> environment_;
};

/// Throws when a sanitizer has reported something there.
void check_sanitizers(const std::string& text);

}  // namespace quemsi::test
