#include "engine/mysql/examine.hpp"

#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class MysqlExamine : public MysqlWorld {
 protected:
  [[nodiscard]] std::vector<std::string> findings() const {
    std::vector<std::string> texts;
    for (const Finding& finding : examine(server())) {
      texts.push_back(std::string(to_string(finding.severity)) + ": " + all_of(finding.error));
    }
    return texts;
  }
};

TEST_F(MysqlExamine, NamesTablesThatCannotProveAnything) {
  run("CREATE TABLE plain(x INT) ENGINE = MyISAM; CREATE TABLE good(x INT);" +
      on_mariadb("CREATE SEQUENCE s;") + "CREATE VIEW v AS SELECT 1;");
  EXPECT_THAT(findings(), Contains(testing::AllOf(HasSubstr("not InnoDB's: plain\n"),
                                                  HasSubstr("ENGINE = InnoDB"))));
  run("ALTER TABLE plain ENGINE = InnoDB");
  EXPECT_THAT(findings(), Not(Contains(HasSubstr("not InnoDB's"))));
}

TEST_F(MysqlExamine, NamesWhoseObjectsWouldBecomeOurs) {
  server_.admin("CREATE DEFINER = root@localhost VIEW `" + live_ + "`.v AS SELECT 1");
  EXPECT_THAT(findings(), Contains(testing::AllOf(
                              HasSubstr("run as root@localhost"),
                              HasSubstr(mysql() ? "GRANT SET_ANY_DEFINER" : "GRANT SET USER"))));
  server_.admin("DROP VIEW `" + live_ + "`.v");
}

TEST_F(MysqlExamine, NamesWhatMayNotBeRead) {
  server_.admin("CREATE DEFINER = root@localhost PROCEDURE `" + live_ + "`.p() SELECT 1");
  EXPECT_THAT(findings(),
              Contains(HasSubstr("error: the definition of PROCEDURE p may not be read")));
  server_.admin("DROP PROCEDURE `" + live_ + "`.p");
  EXPECT_THAT(findings(), Not(Contains(HasSubstr("may not be read"))));
}

TEST_F(MysqlExamine, NamesForeignKeysThatCannotBeMoved) {
  run("SET foreign_key_checks = 0; CREATE TABLE c(id INT PRIMARY KEY, CONSTRAINT k FOREIGN KEY "
      "(id) "
      "REFERENCES p(id))");
  EXPECT_THAT(findings(),
              Contains(testing::AllOf(HasSubstr("note: switches copy the rows of schema"),
                                      HasSubstr("`k` of `c` refers to `p`, which is not there"),
                                      HasSubstr("ALTER TABLE `c` DROP FOREIGN KEY `k`;"))));
  run("CREATE TABLE p(id INT PRIMARY KEY)");
  EXPECT_THAT(findings(), Not(Contains(HasSubstr("foreign key"))));
}

TEST_F(MysqlExamine, SaysThatRestoresWillBeSlow) {
  server_.admin("SET GLOBAL local_infile = OFF");
  EXPECT_THAT(findings(), Contains(HasSubstr("note: the server has local_infile turned off")));
  server_.admin("SET GLOBAL local_infile = ON");
  EXPECT_THAT(findings(), Not(Contains(HasSubstr("local_infile"))));
}

TEST_F(MysqlExamine, SaysThatOneConnectionReads) {
  const std::string privilege = mysql() ? "FLUSH_TABLES" : "RELOAD";
  const auto told = testing::AllOf(HasSubstr("note: while others use the server, schemas are read "
                                             "by one connection, not by two"),
                                   HasSubstr("GRANT " + privilege + " ON *.* TO 'app'@"));
  EXPECT_THAT(findings(), Contains(told));
  server_.admin("GRANT " + privilege + " ON *.* TO app@localhost");
  EXPECT_THAT(findings(), Not(Contains(HasSubstr("read by one connection"))));
  server_.admin("REVOKE " + privilege + " ON *.* FROM app@localhost");
}

TEST_F(MysqlExamine, KnowsTheRoomOnThisMachine) { EXPECT_GT(free_bytes(server()).value_or(0), 0U); }

}  // namespace
}  // namespace quemsi::mysql_engine::test
