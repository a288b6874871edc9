// Keys that a rename would make mean something else.
#include "engine/mysql_in_place_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// By a user who may have schemas renamed, where the server does that.
class MysqlForeignKeys : public InPlaceWorld {
 protected:
  MysqlForeignKeys() {
    may_make_schemas(true);
    sql("CREATE TABLE parent(id INT PRIMARY KEY); CREATE TABLE child(id INT PRIMARY KEY, p INT, "
        "CONSTRAINT of_parent FOREIGN KEY (p) REFERENCES parent(id) ON DELETE CASCADE);"
        "INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1, 1)");
  }
  ~MysqlForeignKeys() override { server_.drop("the other"); }
  MysqlForeignKeys(const MysqlForeignKeys&) = delete;
  MysqlForeignKeys& operator=(const MysqlForeignKeys&) = delete;

  void drop_parent() const {
    sql("SET foreign_key_checks = 0; DROP TABLE parent; INSERT INTO child VALUES (2, 1), (3, 5)");
  }
  void refer_from_another_schema() const {
    server_.create("the other");
    server_.admin("CREATE TABLE c(id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES " +
                      qualified(live_, "child") + "(id)); INSERT INTO c VALUES (1)",
                  "the other");
  }
  /// What exchanges say that could have renamed.
  [[nodiscard]] testing::Matcher<std::string> says(const std::string& why) const {
    return AllOf(HasSubstr(why), HasSubstr("this exchange copies its rows"));
  }
};

TEST_F(MysqlForeignKeys, ThatMeanNoTableAreNotLeftToMeanAnotherStatesTable) {
  const ParkedName whole = park_file();
  drop_parent();
  const std::string half = dump();
  const ParkedName parked = new_name();
  exchange(whole, parked);
  if (renames()) {
    EXPECT_THAT(notices_, ElementsAre(says("foreign key `of_parent` of `child` refers to `parent`, "
                                           "which is not there")));
  }
  EXPECT_EQ(sql("DELETE FROM parent; SELECT COUNT(*) FROM child; DROP TABLE child, parent"), "0\n");
  exchange(parked, new_name());
  expect_same(dump(), half);
}

TEST_F(MysqlForeignKeys, ThatMeanNoTableComeBackFromTheStore) {
  drop_parent();
  const std::string half = dump();
  MemoryImage image;
  serve()->pin(Content::all)->write(image, no_progress());
  sql("CREATE TABLE parent(id INT PRIMARY KEY); INSERT INTO parent VALUES (1), (5)");
  const ParkedName built = new_name();
  serve()->materialise(image, built, no_progress());
  const ParkedName clone = new_name();
  serve()->clone_parked(built, clone, no_progress());
  sql("DELETE FROM parent");
  const ParkedName out = new_name();
  exchange(built, out);
  expect_same(dump(), half);
  exchange(clone, new_name());
  expect_same(dump(), half);
}

TEST_F(MysqlForeignKeys, OfOtherSchemasStayWhatTheyAre) {
  if (!renames()) GTEST_SKIP() << "every exchange copies";
  refer_from_another_schema();
  const std::string others = server_.dump("the other");
  std::vector<std::string> rights{"SELECT ON `the other`.*"};
  if (!mysql()) rights.emplace_back("PROCESS ON *.*");
  for (const std::string& right : rights) {
    notices_.clear();
    server_.admin("GRANT " + right + " TO plain@localhost");
    exchange(park_file(), new_name());
    EXPECT_THAT(notices_, ElementsAre(says("of `the other`.`c` refers to `child`"))) << right;
    server_.admin("REVOKE " + right + " FROM plain@localhost");
    EXPECT_EQ(server_.dump("the other"), others) << right;
  }
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
