// Whatever a schema can hold comes back as mariadb-dump tells it: through the store, through a copy
// on the server, and through a switch and back.
#include <fstream>
#include <sstream>

#include "engine/mysql/engine.hpp"
#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using namespace std::string_literals;

std::string script() {
  const bool mysql = quemsi::test::server_is_mysql();
  const std::ifstream file(mysql ? QUEMSI_TORTURE_ON_MYSQL_SQL : QUEMSI_TORTURE_SQL);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class MysqlTorture : public MysqlWorld {
 protected:
  MysqlTorture() {
    server_.admin("ALTER DATABASE " + mariadb_name(live_) +
                  " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci " +
                  on_mariadb("COMMENT 'the \\'app\\''"));
    server_.admin("SET GLOBAL local_infile = ON");
    run(script());
    original_ = dump();
  }
  /// As the program does it: one table of MariaDB's has rows copied, its default names a sequence.
  void swap(const ParkedName& incoming, const ParkedName& outgoing) const {
    const auto database = MysqlEngine().open(spec(), context_);
    database->swap(database->plan_swap(incoming, outgoing));
  }
  [[nodiscard]] std::string schema_line() const {
    return server_.admin("SELECT default_collation_name, " + (mysql() ? "''"s : "schema_comment"s) +
                         " FROM information_schema.schemata WHERE schema_name = " +
                         quemsi::test::mariadb_text(live_));
  }

  std::string original_;
};

TEST_F(MysqlTorture, SurvivesTheStore) {
  const auto image = seal();
  EXPECT_EQ(dump(), original_);
  const std::string line = schema_line();
  const ParkedName built = materialise(*image);
  swap(built, new_name());
  expect_same(dump(), original_);
  EXPECT_EQ(schema_line(), line);
  // The same content makes the same chunks.
  const auto again = seal();
  ASSERT_EQ(again->parts().size(), image->parts().size());
  for (std::size_t i = 0; i + 1 < image->parts().size(); ++i) {
    EXPECT_TRUE(again->parts()[i]->chunks == image->parts()[i]->chunks)
        << image->parts()[i]->info.header.name;
  }
}

TEST_F(MysqlTorture, SurvivesTheLossOfLive) {
  const auto image = seal();
  const std::string line = schema_line();
  server_.drop(live_);
  const ParkedName built = materialise(*image);
  EXPECT_EQ(server_.admin("SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = '" +
                          built.str() +
                          "' AND column_default LIKE '%val(%' AND column_default NOT "
                          "LIKE '%val(`" +
                          built.str() + "`%'"),
            "0\n");
  swap(built, new_name());
  expect_same(dump(), original_);
  EXPECT_EQ(schema_line(), line);
  if (!mysql()) run("INSERT INTO sequenced(v) VALUES (3)");
}

TEST_F(MysqlTorture, SurvivesBeingCopiedOnTheServer) {
  const ParkedName built = materialise(*seal());
  const ParkedName clone = new_name();
  open().clone_parked(built, clone, no_progress());
  swap(clone, new_name());
  expect_same(dump(), original_);
}

TEST_F(MysqlTorture, SurvivesBeingSwitchedAwayAndBack) {
  server_.admin("CREATE DATABASE quemsi_kkkkkkkkkkkkkkkk CHARACTER SET latin1");
  server_.admin("CREATE TABLE quemsi_kkkkkkkkkkkkkkkk.other(id INT PRIMARY KEY)");
  const ParkedName other("quemsi_kkkkkkkkkkkkkkkk");
  Connection connection = server().connect();
  registry().mark(other, server_identity(connection));
  const std::string line = schema_line();
  const ParkedName away = new_name();
  swap(other, away);
  EXPECT_EQ(run("SHOW TABLES"), "other\n");
  EXPECT_EQ(schema_line(), "latin1_swedish_ci\t\n");
  const ParkedName back = new_name();
  swap(away, back);
  expect_same(dump(), original_);
  EXPECT_EQ(schema_line(), line);
  EXPECT_THAT(listed(), testing::ElementsAre(back.str()));
  EXPECT_THAT(parked_schemas(), testing::ElementsAre(back.str()));
}

TEST_F(MysqlTorture, SurvivesServersThatTakeNoFiles) {
  server_.admin("SET GLOBAL local_infile = OFF");
  const auto image = seal();
  const ParkedName built = materialise(*image);
  server_.admin("SET GLOBAL local_infile = ON");
  swap(built, new_name());
  expect_same(dump(), original_);
}

TEST_F(MysqlTorture, EmptiedCopyKeepsAllButRows) {
  const ParkedName built = materialise(*seal());
  open().empty_parked(built);
  const ParkedName schema = materialise(*seal(Content::schema));
  // A default names its sequence's schema.
  const auto nameless = [this](const ParkedName& copy) {
    std::string text = dump(copy);
    for (std::size_t at = 0; (at = text.find(copy.str())) != std::string::npos;) {
      text.erase(at, copy.str().size());
    }
    return text;
  };
  expect_same(nameless(built), nameless(schema));
  if (mysql()) return;
  EXPECT_EQ(run_in(built, "SELECT COUNT(*) FROM versioned FOR SYSTEM_TIME ALL"), "0\n");
}

TEST_F(MysqlTorture, TriggersWorkAfterASwitch) {
  swap(materialise(*seal()), new_name());
  run("INSERT INTO parents VALUES (7, 'seven')");
  EXPECT_EQ(run("SELECT name FROM parents WHERE id = 7"), "seven!\n");
  EXPECT_EQ(run("SELECT greeting FROM a_on_view WHERE id = 1"), "hello one\n");
  EXPECT_EQ(run("INSERT INTO numbers() VALUES (); SELECT LAST_INSERT_ID()"), "77\n");
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
