#include "fixture.hpp"

#include <cstdlib>

#include "support/file_damage.hpp"

namespace quemsi {
namespace {

/// A switch locks a file for an instant.
constexpr const char* patiently = ".timeout 10000";

}  // namespace

WorkflowTest::WorkflowTest() : sandbox_({.bin_dir = QUEMSI_BIN_DIR}) {
  // The library asks git, and git asks the environment.
  setenv("HOME", sandbox_.home().c_str(), 1);
  setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
  setenv("GIT_QUEMSI_SKIP", "1", 1);
  for (const char* name : {"one", "two"}) {
    sql(name, "CREATE TABLE t (x); INSERT INTO t VALUES ('main')");
  }
  test::write_file(sandbox_.top() / ".quemsi.yml",
                   "version: 1\ndatabases:\n  one: sqlite:one.db\n  two: sqlite:two.db\n");
  adopt_worktree(project());
  end_command();
}

ProjectOptions WorkflowTest::options() {
  return {.start = sandbox_.top(),
          .module_dir = QUEMSI_MODULE_DIR,
          .program = std::filesystem::path(QUEMSI_BIN_DIR) / "git-quemsi",
          .lock_wait = std::chrono::seconds(10)};
}

Project& WorkflowTest::project() {
  if (!project_) project_ = std::make_unique<Project>(options());
  return *project_;
}

std::filesystem::path WorkflowTest::file(const std::string& database) const {
  return sandbox_.top() / (database + ".db");
}

void WorkflowTest::sql(const std::string& database, const std::string& text) const {
  sandbox_.ok({"sqlite3", "-cmd", patiently, file(database).string(), text});
}

std::string WorkflowTest::rows(const std::string& database) const {
  std::string text = sandbox_.ok({"sqlite3", "-cmd", patiently, file(database).string(),
                                  "SELECT group_concat(x, ',') FROM t"});
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

Snapshot WorkflowTest::take(const std::string& tag) {
  return take_snapshot(project(), {.tags = {tag}}, no_progress());
}

FollowResult WorkflowTest::follow() { return follow_branch(project(), no_progress()); }

Owner WorkflowTest::owner() { return project().catalogue().owner(WorktreeId("main")).value(); }

void WorkflowTest::write_config(const std::string& text) {
  test::write_file(sandbox_.top() / ".quemsi.yml", text);
  end_command();
}

}  // namespace quemsi
