#include "engine/sqlite_world.hpp"

namespace quemsi::sqlite_engine::test {
namespace {

DatabaseSpec spec_of(const std::filesystem::path& file) {
  return {.name = "app", .engine = "sqlite", .url = "sqlite:" + file.string()};
}

}  // namespace

SqliteWorld::SqliteWorld() : database_(spec_of(live_), context_) {
  std::filesystem::create_directory(live_.parent_path());
  std::filesystem::create_directory(context_.state_dir);
}

SqliteDatabase SqliteWorld::open(const std::filesystem::path& file) const {
  return {spec_of(file), context_};
}

void SqliteWorld::make_database(const std::filesystem::path& file, const std::string& journal_mode,
                                int page_size, const std::string& label) {
  sqlite_shell(file, "PRAGMA page_size=" + std::to_string(page_size) +
                         "; PRAGMA journal_mode=" + journal_mode +
                         "; CREATE TABLE t(id INTEGER PRIMARY KEY, label TEXT, filler TEXT);"
                         "CREATE INDEX by_label ON t(label);"
                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<200)"
                         "INSERT INTO t SELECT i, '" +
                         label + "', hex(zeroblob(100)) FROM n;");
}

void SqliteWorld::make_live(const std::string& journal_mode, int page_size,
                            const std::string& label) {
  make_database(live_, journal_mode, page_size, label);
}

ParkedName SqliteWorld::park() {
  const ParkedName name = new_name();
  EXPECT_TRUE(database_.copy_live(name, Content::all, CopyLimit::none, no_progress()));
  return name;
}

ParkedName SqliteWorld::park_database(const std::string& journal_mode, int page_size,
                                      const std::string& label) {
  const std::filesystem::path file = dir_.path() / "made elsewhere.db";
  std::filesystem::remove(file);
  make_database(file, journal_mode, page_size, label);
  const ParkedName name = new_name();
  EXPECT_TRUE(open(file).copy_live(name, Content::all, CopyLimit::none, no_progress()));
  return name;
}

std::filesystem::path SqliteWorld::path_of(const ParkedName& name) {
  return database_.parked_url(name).substr(std::string("sqlite:").size());
}

std::optional<Token> SqliteWorld::swap(const ParkedName& incoming, const ParkedName& outgoing) {
  return database_.swap(database_.plan_swap(incoming, outgoing));
}

std::string SqliteWorld::labels(const std::filesystem::path& file) {
  return sqlite_shell(file, "SELECT DISTINCT label FROM t ORDER BY 1;");
}

}  // namespace quemsi::sqlite_engine::test
