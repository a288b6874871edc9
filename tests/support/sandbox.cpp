#include "support/sandbox.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "support/file_damage.hpp"

namespace quemsi::test {
namespace {

constexpr std::chrono::seconds longest_background{60};
constexpr std::chrono::milliseconds poll_pause{10};

/// QUEMSI_TEST_PROGRAM_DIR: of another build's program.
std::string program_dir(const std::filesystem::path& usual) {
  const char* wanted = std::getenv("QUEMSI_TEST_PROGRAM_DIR");
  return wanted != nullptr ? wanted : usual.string();
}

std::map<std::string, std::string> clean_environment(const std::filesystem::path& bin_dir,
                                                     const std::filesystem::path& home) {
  std::map<std::string, std::string> environment{
      {"PATH", program_dir(bin_dir) + ":/usr/local/bin:/usr/bin:/bin"},
      {"HOME", home.string()},
      {"GIT_CONFIG_NOSYSTEM", "1"},
      {"TZ", "UTC"},
      {"LC_ALL", "C.UTF-8"},
  };
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TMPDIR"}) {
    if (const char* value = std::getenv(name)) environment[name] = value;
  }
  return environment;
}

constexpr const char* git_settings =
    "[user]\n\tname = Ada Lovelace\n\temail = ada@example.com\n"
    "[init]\n\tdefaultBranch = main\n"
    "[advice]\n\tdetachedHead = false\n"
    "[core]\n\tpager = cat\n";

std::string describe(const Words& argv, const CommandResult& result) {
  std::ostringstream text;
  for (const std::string& word : argv) text << word << ' ';
  text << "\n" << result;
  return text.str();
}

Words with_words(Words front, Words rest) {
  front.insert(front.end(), std::make_move_iterator(rest.begin()),
               std::make_move_iterator(rest.end()));
  return front;
}

/// True while a git-quemsi runs whose working directory is below `top`: the background's is. A
/// lock would not tell, a process that has just been started does not hold it yet.
bool works_in(const std::filesystem::path& top) {
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    // A process may end while it is looked at: then there is nothing to read.
    std::string name;
    std::getline(std::ifstream(entry.path() / "comm"), name);
    if (name != "git-quemsi") continue;
    const std::string cwd = std::filesystem::read_symlink(entry.path() / "cwd", gone).string();
    if (!gone && cwd.starts_with(top.string())) return true;
  }
  return false;
}

}  // namespace

void check_sanitizers(const std::string& text) {
  for (const char* sign : {"Sanitizer", "runtime error:"}) {
    if (text.find(sign) != std::string::npos) throw std::runtime_error(text);
  }
}

Sandbox::Sandbox(SandboxOptions options)
    : home_((options.parent.empty() ? folder_.path() : options.parent) / "home"),
      top_(home_.parent_path() / options.folder),
      environment_(clean_environment(options.bin_dir, home_)) {
  std::filesystem::create_directories(home_);
  std::filesystem::create_directories(top_);
  write_file(home_ / ".gitconfig", git_settings);
  ok(with_words({"git", "init", "-q"}, std::move(options.git_init)));
  const std::string common = git({"rev-parse", "--path-format=absolute", "--git-common-dir"});
  state_dir_ = std::filesystem::path(common.substr(0, common.size() - 1)) / "quemsi";
  write_file(top_ / ".gitignore", "*.db\n*.db-*\n");
  git({"add", ".gitignore"});
  git({"commit", "-q", "-m", "Begin"});
}

Sandbox::~Sandbox() {
  EXPECT_TRUE(wait_for_processes(longest_background)) << "a background process does not end";
  const std::filesystem::path log = state_dir_ / "worker.log";
  if (!std::filesystem::exists(log)) return;
  EXPECT_NO_THROW(check_sanitizers(read_file(log)));
}

CommandRequest Sandbox::request(Words argv) const {
  return {.argv = std::move(argv), .cwd = top_, .environment = environment_};
}

CommandResult Sandbox::run(Words argv) const { return run_in(top_, std::move(argv)); }

CommandResult Sandbox::run_in(const std::filesystem::path& cwd, Words argv) const {
  CommandRequest wanted = request(std::move(argv));
  wanted.cwd = cwd;
  CommandResult result = run_command(wanted);
  if (result.timed_out) throw std::runtime_error("no end: " + describe(wanted.argv, result));
  check_sanitizers(result.err);
  return result;
}

std::string Sandbox::ok(Words argv) const {
  CommandResult result = run(argv);
  if (result.exit_code != 0) throw std::runtime_error(describe(argv, result));
  return std::move(result.out);
}

std::string Sandbox::git(Words arguments) const {
  return ok(with_words({"git"}, std::move(arguments)));
}

std::string Sandbox::quemsi(Words arguments) const {
  return ok(with_words({"git", "quemsi"}, std::move(arguments)));
}

CommandResult Sandbox::try_quemsi(Words arguments) const {
  return run(with_words({"git", "quemsi"}, std::move(arguments)));
}

nlohmann::json Sandbox::json(Words arguments) const {
  arguments.emplace_back("--json");
  return nlohmann::json::parse(quemsi(std::move(arguments)));
}

void Sandbox::commit(const std::string& message) const {
  git({"add", "-A"});
  git({"commit", "-q", "--allow-empty", "-m", message});
}

void Sandbox::settle() const {
  const auto deadline = std::chrono::steady_clock::now() + longest_background;
  for (;;) {
    const nlohmann::json status = json({"status"});
    if (status.at("background").empty() && wait_for_processes(longest_background)) return;
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("background work does not end: " + status.dump(2));
    }
    std::this_thread::sleep_for(poll_pause);
  }
}

bool Sandbox::wait_for_processes(std::chrono::milliseconds limit) const {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (works_in(top_)) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(poll_pause);
  }
  return true;
}

}  // namespace quemsi::test
