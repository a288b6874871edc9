#include "engine/postgresql/properties.hpp"

#include "engine/postgresql/list_setting.hpp"
#include "engine/postgresql_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PostgresqlProperties : public PostgresqlWorld {
 protected:
  /// All that psql can tell of a database, but its name.
  [[nodiscard]] std::string facts(const std::string& database) const {
    return server_.admin(
        "SELECT pg_get_userbyid(d.datdba), d.datacl, d.datconnlimit, d.datistemplate, "
        "shobj_description(d.oid, 'pg_database'), (SELECT string_agg(coalesce(r.rolname, '-') || "
        "s.setconfig::text, ';' ORDER BY r.rolname) FROM pg_db_role_setting s "
        "LEFT JOIN pg_roles r ON r.oid = s.setrole WHERE s.setdatabase = d.oid) "
        "FROM pg_database d WHERE datname = " +
        sql_text(database));
  }

  void decorate(const std::string& database) const {
    const std::string name = sql_name(database);
    server_.admin("REVOKE CONNECT ON DATABASE " + name + " FROM PUBLIC;" +
                  "GRANT CONNECT, TEMPORARY ON DATABASE " + name + " TO plain WITH GRANT OPTION;" +
                  "GRANT CREATE ON DATABASE " + name + " TO secret;" + "ALTER DATABASE " + name +
                  " CONNECTION LIMIT 17;" + "ALTER DATABASE " + name + " SET work_mem = '5MB';" +
                  "ALTER DATABASE " + name + " SET search_path = \"$user\", 'a b', \"x\"\"y\", z;" +
                  "ALTER DATABASE " + name + " SET DateStyle = 'SQL, DMY';" +
                  "ALTER ROLE app IN DATABASE " + name + " SET TimeZone = 'Europe/Paris';" +
                  "COMMENT ON DATABASE " + name + " IS 'it''s ours \\o/'");
  }
};

TEST_F(PostgresqlProperties, SwapKeepsThemOnBothSides) {
  const ParkedName a = park("parked");
  decorate(live_);
  const std::string of_live = facts(live_);
  const std::string of_parked = facts(a.str());
  ASSERT_NE(of_live, of_parked);
  const ParkedName b = new_name();
  swap(a, b);
  EXPECT_EQ(facts(b.str()), of_live);
  EXPECT_EQ(facts(live_), of_parked);
  swap(b, a);
  EXPECT_EQ(facts(live_), of_live);
  EXPECT_EQ(facts(a.str()), of_parked);
}

TEST_F(PostgresqlProperties, CloneKeepsThem) {
  const ParkedName from = park("parked");
  decorate(from.str());
  const ParkedName to = new_name();
  clone_parked(open(), registry(), from, to, no_progress());
  EXPECT_EQ(facts(to.str()), facts(from.str()));
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(PostgresqlProperties, CloneKeepsTheirAbsence) {
  const ParkedName from = park("parked");
  const ParkedName to = new_name();
  clone_parked(open(), registry(), from, to, no_progress());
  EXPECT_EQ(facts(to.str()), facts(from.str()));
}

TEST_F(PostgresqlProperties, WhatIsNotOursToSetIsSaidAndTheRestIsKept) {
  const ParkedName from = park("parked");
  decorate(from.str());
  server_.admin("ALTER ROLE plain IN DATABASE " + from.str() + " SET work_mem = '1MB';" +
                "ALTER DATABASE " + from.str() + " SET log_min_messages = 'error';" +
                "ALTER DATABASE " + from.str() + " SET my.setting = 'x'");
  const ParkedName to = new_name();
  clone_parked(open(), registry(), from, to, no_progress());
  EXPECT_THAT(notices_, ElementsAre(HasSubstr("log_min_messages"), HasSubstr("my.setting"),
                                    HasSubstr("plain's setting")));
  EXPECT_THAT(facts(to.str()), HasSubstr("work_mem=5MB"));
  EXPECT_THAT(facts(to.str()), HasSubstr("it's ours"));
}

TEST_F(PostgresqlProperties, AttributesCarryThemAll) {
  decorate(live_);
  Connection connection = open().maintenance();
  const Properties properties = read_properties(connection, live_);
  EXPECT_EQ(properties.connection_limit, 17);
  EXPECT_EQ(properties.settings.size(), 4U);
  EXPECT_EQ(properties_from(to_attributes(properties)), properties);
  const Properties bare = read_properties(connection, park("x").str());
  EXPECT_EQ(properties_from(to_attributes(bare)), bare);
}

TEST(PostgresqlPropertyAttributes, DamagedOnesAreRefused) {
  const std::vector<Attributes> damaged{
      {},
      {{"database.owner", "x"}, {"database.connection_limit", "x"}},
      {{"database.owner", "x"}, {"database.connection_limit", "1"}, {"database.grants", "["}},
      {{"database.owner", "x"}, {"database.connection_limit", "1"}, {"database.grants", "[[1]]"}},
      {{"database.owner", "x"},
       {"database.connection_limit", "1"},
       {"database.grants", R"([["", "ALL ON DATABASE postgres TO x; --", false]])"}}};
  for (const Attributes& attributes : damaged) {
    EXPECT_EQ(error_of([&] { properties_from(attributes); }).kind(), ErrorKind::corrupt);
  }
}

TEST(PostgresqlListSetting, ElementsAreFoundBetweenTheirQuotes) {
  EXPECT_THAT(split_list(R"("$user", public)"), ElementsAre("$user", "public"));
  EXPECT_THAT(split_list(R"("a, b","x""y" ,  z)"), ElementsAre("a, b", "x\"y", "z"));
  EXPECT_THAT(split_list(R"("")"), ElementsAre(""));
  EXPECT_THAT(split_list(""), IsEmpty());
  EXPECT_THAT(split_list(R"("open, end)"), ElementsAre("open, end"));
  EXPECT_EQ(quote_setting_value("search_path", R"("$user", it's)"), "'$user', 'it''s'");
  EXPECT_EQ(quote_setting_value("search_path", ""), "''");
  EXPECT_EQ(quote_setting_value("work_mem", "a, b"), "'a, b'");
  EXPECT_EQ(quote_setting_name("my.Setting"), R"("my"."Setting")");
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
