#include "engine/mysql/url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/mysql/definitions.hpp"
#include "engine/mysql/innodb_report.hpp"
#include "engine/mysql/sequence_names.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(MysqlUrl, SaysWhereAndWho) {
  const auto info =
      ConnectInfo::parse("mysql://ann:p%40ss@db.example:3307/my%20shop?ssl-mode=Verify_CA");
  EXPECT_EQ(info.user(), "ann");
  EXPECT_EQ(info.password(), "p@ss");
  EXPECT_EQ(info.host(), "db.example");
  EXPECT_EQ(info.port(), 3307U);
  EXPECT_EQ(info.schema(), "my shop");
  EXPECT_EQ(info.parameter("ssl-mode"), "Verify_CA");
  EXPECT_FALSE(info.is_local());
}

TEST(MysqlUrl, DefaultsToThisMachine) {
  const auto info = ConnectInfo::parse("mariadb:///shop");
  EXPECT_EQ(info.host(), "localhost");
  EXPECT_EQ(info.port(), 0U);
  EXPECT_TRUE(info.is_local());
  EXPECT_TRUE(ConnectInfo::parse("mysql://[::1]:3306/x").is_local());
  EXPECT_TRUE(ConnectInfo::parse("mysql://127.0.0.1/x").is_local());
  EXPECT_TRUE(ConnectInfo::parse("mysql://u@localhost/x?unix_socket=/a%20b/s").is_local());
}

TEST(MysqlUrl, IsTheSamePlaceHoweverItIsWritten) {
  const std::string here = ConnectInfo::parse("mysql://u:p@localhost/x").location();
  for (const char* other : {"mysql:///x", "mariadb://v@127.0.0.1:3306/x",
                            "mysql://localhost/x?socket=/run/mysqld/mysqld.sock"}) {
    EXPECT_EQ(ConnectInfo::parse(other).location(), here) << other;
  }
  for (const char* other :
       {"mysql:///y", "mysql://localhost:3307/x", "mysql://h/x", "mysql:///x?socket=/elsewhere"}) {
    EXPECT_NE(ConnectInfo::parse(other).location(), here) << other;
  }
}

TEST(MysqlUrl, KeepsThePasswordFromPeople) {
  const auto info = ConnectInfo::parse("mysql://ann:secret@localhost/shop?socket=/s");
  EXPECT_EQ(info.display(), "mysql://ann@localhost/shop?socket=/s");
  EXPECT_EQ(info.to("a/b").url(), "mysql://ann:secret@localhost/a%2Fb?socket=/s");
  EXPECT_THAT(info.location() + info.server(), Not(HasSubstr("secret")));
}

TEST(MysqlUrl, RefusesWhatItCannotUse) {
  for (const char* text :
       {"", "mysql:", "mysql://h", "mysql://h/", "mysql://h:x/d", "mysql://h:0/d", "mysql://h/%zz",
        "mysql://h/a%00b", "mysql://a,b/d", "http://h/d"}) {
    EXPECT_THROW(ConnectInfo::parse(text), Error) << text;
  }
  for (const char* name : {"mysql", "MySQL", "sys", "information_schema", "performance_schema",
                           "quemsi_x", "QUEMSI_x"}) {
    EXPECT_THROW(check_live_name(name), Error) << name;
  }
  EXPECT_THROW(check_live_name(std::string(65, 'x')), Error);
  EXPECT_NO_THROW(check_live_name(std::string(63, 'x') + "ü"));
}

TEST(MysqlUrl, KnowsTheWordsForTls) {
  const auto mode = [](const std::string& query) {
    return ConnectInfo::parse("mysql://h/d?" + query).tls();
  };
  for (const char* query : {"x=y", "ssl-mode=PREFERRED", "ssl=0", "tls=false", "sslmode=prefer"}) {
    EXPECT_EQ(mode(query), TlsMode::unsaid) << query;
  }
  for (const char* query : {"ssl-mode=Required", "ssl_mode=REQUIRED", "sslmode=require", "ssl=true",
                            "tls=skip-verify", "ssl-mode=disabled&ssl=1"}) {
    EXPECT_EQ(mode(query), TlsMode::required) << query;
  }
  for (const char* query : {"ssl-mode=verify-ca", "ssl-mode=VERIFY_IDENTITY", "sslmode=verify-full",
                            "ssl=1&ssl-mode=verify_ca"}) {
    EXPECT_EQ(mode(query), TlsMode::verified) << query;
  }
  EXPECT_EQ(mode("ssl-mode=Disabled"), TlsMode::disabled);
  for (const char* query : {"ssl-mode=on", "ssl-mode=verify", "sslmode=1", "ssl=maybe", "tls=x"}) {
    EXPECT_THROW(mode(query), Error) << query;
  }
}

TEST(MysqlUrl, OtherMachinesMustHaveBeenAllowed) {
  const auto info = ConnectInfo::parse("mysql://db/x");
  EXPECT_THROW(check_host(info, {"other"}), Error);
  EXPECT_NO_THROW(check_host(info, {"db"}));
  EXPECT_NO_THROW(check_host(info, {"*"}));
  EXPECT_NO_THROW(check_host(ConnectInfo::parse("mysql:///x"), {}));
}

TEST(MysqlInnodbReport, TellsTheNextIdAndWhoHasOne) {
  const std::string head =
      "TRANSACTIONS\n------------\nTrx id counter 1938\nHistory list length 0\n";
  const auto quiet =
      parse_innodb_report(head +
                          "---TRANSACTION 421999, not started\n0 lock struct(s)\n"
                          "---TRANSACTION 422002166513880, ACTIVE 5 sec\nMySQL thread id 8\n");
  EXPECT_EQ(quiet.next_id, "1938");
  EXPECT_FALSE(quiet.has_writers);
  for (const char* writer :
       {"---TRANSACTION 1937, ACTIVE 5 sec\n", "---TRANSACTION 1, ACTIVE (PREPARED)",
        "---TRANSACTION ?, ACTIVE", "... truncated...\n"}) {
    EXPECT_TRUE(parse_innodb_report(head + writer).has_writers) << writer;
  }
  EXPECT_EQ(parse_innodb_report("").next_id, "");
}

TEST(MysqlDefinitions, DefinersAreFoundAndTakenAway) {
  const std::string sql = "CREATE DEFINER=`a b`@`%` PROCEDURE `p`() COMMENT 'DEFINER=x' SELECT 1";
  EXPECT_EQ(definer_of(sql), "`a b`@`%`");
  EXPECT_EQ(definer_of("CREATE DEFINER=\"a b\"@\"%\" FUNCTION \"f\"()"), "`a b`@`%`");
  EXPECT_EQ(without_definer(sql), "CREATE PROCEDURE `p`() COMMENT 'DEFINER=x' SELECT 1");
  EXPECT_EQ(definer_of("CREATE TABLE t(x INT COMMENT 'DEFINER=a')"), std::nullopt);
}

TEST(MysqlDefinitions, TriggersAreMovedToOtherTables) {
  const std::string sql = "CREATE TRIGGER `on` before insert on `for each` for  each row set @a=1";
  EXPECT_EQ(on_table(sql, "x"), "CREATE TRIGGER `on` before insert ON `x` for  each row set @a=1");
  EXPECT_FALSE(names_schema(split_trigger(sql).head));
  EXPECT_TRUE(
      names_schema(split_trigger("CREATE TRIGGER a.b after delete on c for each row x").head));
  EXPECT_TRUE(
      names_schema(split_trigger("CREATE TRIGGER b after delete on a . c for each row x").head));
  EXPECT_EQ(or_replace("CREATE TRIGGER x"), "CREATE OR REPLACE TRIGGER x");
}

TEST(MysqlDefinitions, CommentsInATriggersHeadAreNotRead) {
  const std::string rest = "for -- x\neach /* y */ row set @a = 'don''t'";
  for (const std::string comment : {"-- don't on a.b for each row\n", "# \" on a.b\n", "--\n",
                                    "/* it's on `a.b for each row */"}) {
    const std::string start = "TRIGGER tr " + comment + " before insert ";
    const std::string sql = start + "on t " + rest;
    EXPECT_EQ(on_table(sql, "x"), start + "ON `x` " + rest);
    EXPECT_EQ(split_trigger(sql).rest, rest);
    EXPECT_FALSE(names_schema(split_trigger(sql).head)) << comment;
  }
  EXPECT_EQ(on_table("TRIGGER tr /*!50003 before insert on t */ for each row x", "y"),
            "TRIGGER tr /*!50003 before insert ON `y` for each row x");
  EXPECT_EQ(split_trigger("TRIGGER tr before insert on t for each row set @a = 1--2").rest,
            "for each row set @a = 1--2");
}

TEST(MysqlDefinitions, ColumnsOfBrokenViewsLoseTheirSchema) {
  EXPECT_EQ(
      without_schema("select `a`.`t`.`x` AS `x`,'`a`.`t`.`x`' AS `y`,`b`.`t`.`x` from `t`", "a"),
      "select `t`.`x` AS `x`,'`a`.`t`.`x`' AS `y`,`b`.`t`.`x` from `t`");
  for (const char* sql :
       {"select `a`.`x` AS `x` from `a`", "select `a`.`f`() AS `a`", "`a", "`a`."}) {
    EXPECT_EQ(without_schema(sql, "a"), sql);
  }
}

TEST(MysqlDefinitions, EventsAreSentToSleepAndWokenUp) {
  const std::string sql =
      "CREATE EVENT ` PRESERVE ENABLE` ON SCHEDULE EVERY 1 DAY ON COMPLETION NOT PRESERVE ENABLE "
      "COMMENT 'PRESERVE ENABLE' DO x";
  const std::string asleep = with_event_status(sql, "ENABLE", "DISABLE ON SLAVE");
  EXPECT_THAT(asleep, HasSubstr("NOT PRESERVE DISABLE ON SLAVE COMMENT 'PRESERVE ENABLE'"));
  EXPECT_EQ(with_event_status(asleep, "DISABLE ON SLAVE", "ENABLE"), sql);
}

TEST(MysqlDefinitions, CountersAreTakenOutOfTables) {
  const auto split = split_auto_increment(
      "CREATE TABLE `t` (\n  `a` int COMMENT '\n) AUTO_INCREMENT=5'\n) ENGINE=InnoDB "
      "AUTO_INCREMENT=77 DEFAULT CHARSET=utf8mb4\n PARTITION BY HASH (`a`)");
  EXPECT_EQ(split.auto_increment, "77");
  EXPECT_THAT(split.sql, HasSubstr("ENGINE=InnoDB DEFAULT CHARSET"));
  EXPECT_EQ(
      split_auto_increment("CREATE TABLE `t` (\n  `a` int\n) ENGINE=x COMMENT='b'").auto_increment,
      "");
}

TEST(MysqlDefinitions, CharsetsThatACollationImpliesAreLeftOut) {
  EXPECT_EQ(without_implied_charsets("`a` char(1) CHARACTER SET latin1 COLLATE latin1_german2_ci, "
                                     "`b` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
            "`a` char(1) COLLATE latin1_german2_ci, `b` text COLLATE utf8mb4_bin");
  for (const char* sql : {"`a` char(1) CHARACTER SET latin1 DEFAULT NULL", "CHARACTER SET x",
                          "COMMENT ' CHARACTER SET x COLLATE x_y'",
                          "`a` char(1) CHARACTER SET utf8mb4 COLLATE utf8mb3_bin"}) {
    EXPECT_EQ(without_implied_charsets(sql), sql);
  }
}

TEST(MysqlSequenceNames, SchemasThatMayBeOthersAreLeftOut) {
  const std::string rest =
      " COMMENT 'it\\'s nextval(`a`.`s`)', `nextval(` int DEFAULT nextval(`b`.`s`)";
  EXPECT_EQ(
      without_schemas_of_sequences(
          "`x``y` int DEFAULT (lastval(`a`.`s`) + nextval(`c ``d`.`s`))" + rest, {"a", "c `d"}),
      "`x``y` int DEFAULT (lastval(`s`) + nextval(`s`))" + rest);
}

}  // namespace
}  // namespace quemsi::mysql_engine
