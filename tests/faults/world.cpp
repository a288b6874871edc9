#include "faults/world.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "support/file_damage.hpp"
#include "support/sqlite_cli.hpp"

namespace quemsi::test {
namespace {

namespace fs = std::filesystem;

constexpr int most_rounds = 50;

constexpr const char* app_schema =
    "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, photo BLOB);"
    "CREATE INDEX users_by_name ON users(name);"
    "INSERT INTO users(name, photo) VALUES ('Ada', randomblob(20000)), ('Grace', NULL);";
constexpr const char* jobs_schema =
    "CREATE TABLE jobs(id INTEGER PRIMARY KEY, what TEXT);"
    "INSERT INTO jobs(what) VALUES ('first'), ('second');";

void copy_tree(const fs::path& from, const fs::path& to) {
  const CommandResult result =
      run_command({.argv = {"cp", "-a", from, to}, .environment = {{"PATH", "/usr/bin:/bin"}}});
  require(result.exit_code == 0, "cp -a: " + result.err);
}

std::string content(const fs::path& file) {
  if (!fs::exists(file)) throw std::runtime_error(file.string() + " is missing");
  return sound_dump(file);
}

std::vector<fs::path> unfinished(const fs::path& folder) {
  std::vector<fs::path> found;
  if (!fs::exists(folder)) return found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool temporary = entry.path().parent_path().filename() == "tmp";
    if (temporary || name.find(".quemsi_tmp_") == 0 || name.find(".quemsi-") == 0) {
      found.push_back(entry.path());
    }
  }
  return found;
}

/// A blob of kilobytes says nothing.
std::string without_long_values(const std::string& dump) {
  constexpr std::size_t most = 200;
  std::string text;
  std::istringstream lines(dump);
  for (std::string line; std::getline(lines, line);) {
    text += line.size() > most ? line.substr(0, most) + "...\n" : line + "\n";
  }
  return text;
}

}  // namespace

void require(bool condition, const std::string& what) {
  if (!condition) throw std::runtime_error(what);
}

World::World()
    : user_({.bin_dir = QUEMSI_BIN_DIR, .parent = folder_.path() / "work"}),
      injection_(folder_.path()) {
  prepare();
}

void World::prepare() {
  sqlite(app(), app_schema);
  sqlite(jobs(), jobs_schema);
  user_.quemsi({"init", "--yes"});
  user_.commit("Let both databases follow");
  // Its second chunk is one of the later states', too, from the same pack.
  sqlite(app(),
         "INSERT INTO users(name, photo) VALUES ('only in first', randomblob(9000));"
         "CREATE TABLE scans(id INTEGER PRIMARY KEY, bytes BLOB);"
         "INSERT INTO scans(bytes) VALUES (randomblob(90000));");
  user_.quemsi({"snapshot", "first"});
  first = live();
  sqlite(app(), "DELETE FROM users WHERE name = 'only in first';");
  user_.git({"switch", "-q", "-c", "feature"});
  sqlite(app(), "ALTER TABLE users ADD COLUMN tenant INTEGER; UPDATE users SET tenant = 7;");
  sqlite(jobs(), "DELETE FROM jobs; CREATE TABLE extra(x);");
  feature = live();
  user_.git({"switch", "-q", "main"});
  user_.settle();
  sqlite(app(), "INSERT INTO users(name) VALUES ('unsaved on main');");
  sqlite(jobs(), "UPDATE jobs SET what = 'unsaved too' WHERE id = 1;");
  main = live();
  fs::rename(folder_.path() / "work", folder_.path() / "prepared");
  reset();
}

void World::reset() {
  Injection::clear(user_);
  require(user_.wait_for_processes(std::chrono::seconds(60)), "a background process does not end");
  fs::remove_all(folder_.path() / "work");
  copy_tree(folder_.path() / "prepared", folder_.path() / "work");
}

State World::live() const { return {content(app()), content(jobs())}; }

void World::finish_background() const {
  for (int round = 0; round < most_rounds; ++round) {
    user_.ok({"git-quemsi", "worker"});
    const bool free = user_.wait_for_processes(std::chrono::seconds(60));
    const nlohmann::json status = user_.json({"status"});
    if (free && status.at("background").empty()) {
      for (const std::string warning : status.at("warnings")) {
        // What a killed hook has not done stays undone until the next checkout.
        require(warning.starts_with("HEAD is on"), "status warns: " + status.dump(2));
      }
      return;
    }
  }
  throw std::runtime_error("the background work does not end");
}

void World::require_live(const std::vector<State>& legal) const {
  const State now = live();
  if (std::ranges::find(legal, now) != legal.end()) return;
  throw std::runtime_error("live is neither of the legal states:\n" + without_long_values(now.app) +
                           without_long_values(now.jobs));
}

void World::require_branch(const std::string& branch, const State& state) const {
  const CommandResult result = user_.run({"git", "switch", "-q", branch});
  require(result.exit_code == 0, "git switch " + branch + ": " + result.err);
  require(live() == state, "the state of " + branch + " is lost: " + result.err + live().app);
}

void World::require_snapshot(const std::string& snapshot, const State& state) const {
  const fs::path copy = user_.home() / "restored.db";
  user_.quemsi({"restore", snapshot, "--database", "app", "--replace", "--yes", "--to", copy});
  require(dump(copy) == state.app, "snapshot " + snapshot + " is not what was taken");
}

void World::require_order() const {
  const fs::path catalogue = user_.state_dir() / "catalogue.db";
  const std::string open = sqlite(catalogue,
                                  "SELECT kind, payload FROM journal; "
                                  "SELECT kind, subject, error FROM task;");
  require(open.empty(), "the journal or the queue is not empty: " + open);
  const CommandResult fsck = user_.try_quemsi({"fsck", "--json"});
  require(fsck.exit_code == 0, "fsck: " + fsck.out + fsck.err);
  const nlohmann::json report = nlohmann::json::parse(fsck.out);
  require(report.at("findings").empty(), "fsck found: " + report.dump(2));
  for (const fs::path& folder : {user_.state_dir(), user_.top()}) {
    const std::vector<fs::path> left = unfinished(folder);
    require(left.empty(), "left behind: " + (left.empty() ? "" : left.front().string()));
  }
}

}  // namespace quemsi::test
