#include "engine/sqlite/schema_copy.hpp"

#include "engine/sqlite/opening.hpp"
#include "engine/sqlite_world.hpp"

namespace quemsi::sqlite_engine::test {
namespace {

using testing::HasSubstr;

constexpr const char* everything =
    "CREATE VIEW early AS SELECT x FROM late;"
    "CREATE TABLE late(id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT NOT NULL DEFAULT 'a;b',"
    "  y INT GENERATED ALWAYS AS (length(x)) STORED, CHECK(x <> ''));"
    "CREATE TABLE \"odd \"\"name\"\"\"(k TEXT PRIMARY KEY, v) WITHOUT ROWID;"
    "CREATE TABLE child(id INT REFERENCES late(id) ON DELETE CASCADE) STRICT;"
    "CREATE UNIQUE INDEX partial ON late(lower(x)) WHERE y > 1;"
    "CREATE TRIGGER later AFTER INSERT ON late BEGIN INSERT INTO child VALUES(new.id); END;"
    "CREATE TRIGGER instead INSTEAD OF INSERT ON early BEGIN SELECT 1; END;"
    "CREATE VIRTUAL TABLE words USING fts5(x, content='late', content_rowid='id');"
    "CREATE VIRTUAL TABLE own USING fts5(body);"
    "CREATE VIRTUAL TABLE old USING fts4(body);"
    "CREATE VIRTUAL TABLE boxes USING rtree(id, a, b);"
    "CREATE TABLE boxes_of_mine(a);"
    "INSERT INTO late(x) VALUES('private'),('secret');"
    "INSERT INTO own VALUES('private words');"
    "INSERT INTO boxes VALUES(1, 2, 3);"
    "ANALYZE;";

class SqliteSchema : public SqliteWorld {
 protected:
  std::filesystem::path copy() {
    const std::filesystem::path target = dir_.path() / "schema.db";
    sqlite::Connection source = open_database(live_, std::chrono::milliseconds(100));
    copy_schema(source, target);
    return target;
  }
  static std::string objects(const std::filesystem::path& file) {
    return sqlite_shell(file,
                        "SELECT type, name, tbl_name, sql FROM sqlite_master "
                        "WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name;");
  }
};

TEST_F(SqliteSchema, KeepsEveryObject) {
  sqlite_shell(live_, everything);
  EXPECT_EQ(objects(copy()), objects(live_));
}

TEST_F(SqliteSchema, KeepsNoRow) {
  sqlite_shell(live_, everything);
  const std::string bytes = read_text_file(copy());
  EXPECT_EQ(bytes.find("private"), std::string::npos);
  EXPECT_EQ(bytes.find("secret"), std::string::npos);
}

TEST_F(SqliteSchema, WorksAsADatabase) {
  sqlite_shell(live_, everything);
  const std::filesystem::path made = copy();
  EXPECT_EQ(sqlite_shell(made, "PRAGMA integrity_check;"), "ok\n");
  EXPECT_EQ(sqlite_shell(made,
                         "INSERT INTO late(x) VALUES('one'); INSERT INTO own VALUES('two words');"
                         "INSERT INTO boxes VALUES(1,2,3);"
                         "SELECT id FROM late; SELECT id FROM child;"
                         "SELECT rowid FROM own('words');"
                         "SELECT count(*) FROM boxes WHERE a < 3;"),
            "1\n1\n1\n1\n");
}

TEST_F(SqliteSchema, KeepsTheSettingsOfTheFile) {
  constexpr const char* settings =
      "PRAGMA page_size; PRAGMA encoding; PRAGMA auto_vacuum; PRAGMA user_version;"
      "PRAGMA application_id; PRAGMA journal_mode;";
  sqlite_shell(live_,
               "PRAGMA page_size=8192; PRAGMA encoding='UTF-16be'; PRAGMA auto_vacuum=2;"
               "CREATE TABLE t(x); PRAGMA user_version=-7; PRAGMA application_id=123456;"
               "PRAGMA journal_mode=WAL;");
  const std::filesystem::path made = copy();
  EXPECT_FALSE(has_sidecars(made));
  EXPECT_EQ(sqlite_shell(made, settings), sqlite_shell(live_, settings));
}

TEST_F(SqliteSchema, CollationsOfTheApplicationAreNotNeeded) {
  {
    sqlite::Connection app(live_, sqlite::Open::create, std::chrono::milliseconds(0));
    const auto compare = [](void*, int, const void*, int, const void*) { return 0; };
    sqlite3_create_collation(app.handle(), "house", SQLITE_UTF8, nullptr, compare);
    app.execute("CREATE TABLE t(x TEXT COLLATE house); CREATE INDEX i ON t(x)");
  }
  EXPECT_THAT(objects(copy()), HasSubstr("COLLATE house"));
}

TEST_F(SqliteSchema, FunctionOfTheApplicationIsNamedWhenMissing) {
  {
    sqlite::Connection app(live_, sqlite::Open::create, std::chrono::milliseconds(0));
    const auto nothing = [](sqlite3_context*, int, sqlite3_value**) {};
    sqlite3_create_function(app.handle(), "house", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                            nothing, nullptr, nullptr);
    app.execute("CREATE TABLE t(x); CREATE INDEX by_house ON t(house(x))");
  }
  const Error error = error_of([&] { copy(); });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
  EXPECT_THAT(error.what(), HasSubstr("by_house"));
}

TEST_F(SqliteSchema, FunctionsOfTheApplicationDoNotKeepAnImageFromComingBack) {
  {
    sqlite::Connection app(live_, sqlite::Open::create, std::chrono::milliseconds(0));
    const auto nothing = [](sqlite3_context*, int, sqlite3_value**) {};
    sqlite3_create_function(app.handle(), "house", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                            nothing, nullptr, nullptr);
    app.execute(
        "CREATE TABLE t(x CHECK(house(x) IS NULL)); CREATE INDEX by_house ON t(house(x));"
        "INSERT INTO t VALUES(1)");
  }
  MemoryImage image;
  database_.pin(Content::all)->write(image, no_progress());
  const ParkedName name = new_name();
  database_.materialise(image, name, no_progress());
  EXPECT_EQ(read_text_file(path_of(name)), read_text_file(live_));
}

}  // namespace
}  // namespace quemsi::sqlite_engine::test
