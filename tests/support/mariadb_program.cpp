#include "support/mariadb_program.hpp"

#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <stdexcept>

#include "support/server_account.hpp"
#include "util/file_lock.hpp"

namespace quemsi::test {
namespace {

namespace fs = std::filesystem;

/// Of a data folder and of the server that is started in it: it would be made anew otherwise.
constexpr const char* log_size = "--loose-innodb-log-file-size=16M";

std::optional<fs::path> given_folder() {
  const char* folder = std::getenv("QUEMSI_TEST_MYSQL_DIR");
  if (folder == nullptr) return std::nullopt;
  return fs::path(folder);
}

const ServerAccount account("mysql");

/// What makes a data folder is a shell script that knows no spaces.
class PlainFolder {
 public:
  PlainFolder() {
    std::string name = "/tmp/quemsi-mariadb-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder " + name);
    path_ = name;
    give_to_server_user(path_);
  }
  ~PlainFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  PlainFolder(const PlainFolder&) = delete;
  PlainFolder& operator=(const PlainFolder&) = delete;
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  fs::path path_;
};

void make_data(const fs::path& data) {
  if (const auto folder = given_folder()) {
    run_program(as_server_user({(*folder / "bin" / "make-data").string(), data.string()}));
    return;
  }
  run_program(
      as_server_user({"mariadb-install-db", "--no-defaults", "--datadir=" + data.string(),
                      "--tmpdir=" + data.parent_path().string(),
                      "--auth-root-authentication-method=normal", "--skip-test-db", log_size}));
}

fs::path cache() {
  const auto folder = given_folder();
  const fs::path made = folder ? *folder / "data" : fs::path(QUEMSI_MARIADB_CACHE);
  return made.string() + account.suffix();
}

}  // namespace

std::map<std::string, std::string> program_environment() {
  return {{"PATH", "/usr/sbin:/usr/bin:/bin"}, {"LC_ALL", "C.UTF-8"}};
}

std::string run_program(const Words& argv, const std::string& input) {
  const CommandResult result =
      run_command({.argv = argv, .cwd = "/", .environment = program_environment(), .input = input});
  if (result.exit_code == 0) return result.out;
  throw std::runtime_error(argv.front() + ": " + result.err + result.out);
}

Words as_server_user(const Words& argv) { return account.run_as("KILL", argv); }

void give_to_server_user(const fs::path& folder) { account.give(folder); }

bool server_is_mysql() {
  const auto folder = given_folder();
  return folder && fs::exists(*folder / "bin" / "dump");
}

Words server_words() {
  const auto folder = given_folder();
  return {folder ? (*folder / "bin" / "server").string() : "mariadbd", "--no-defaults", log_size};
}

std::string dump_program() {
  return server_is_mysql() ? (*given_folder() / "bin" / "dump").string() : "mariadb-dump";
}

/// Making one takes seconds: it is done once in a build folder, and copied.
void make_server_data(const fs::path& data) {
  const fs::path made_before = cache();
  fs::create_directories(made_before.parent_path());
  const FileLock lock =
      FileLock::lock(made_before.string() + ".lock", LockMode::exclusive, std::chrono::minutes(2));
  if (!fs::exists(made_before)) {
    const PlainFolder plain;
    const fs::path made = plain.path() / "made";
    make_data(made);
    const std::string temporary = made_before.string() + ".tmp";
    fs::remove_all(temporary);
    run_program({"cp", "-a", made.string(), temporary});
    fs::rename(temporary, made_before);
  }
  run_program({"cp", "-a", "--reflink=auto", made_before.string(), data.string()});
  give_to_server_user(data);
}

}  // namespace quemsi::test
