// What a schema was made with is not what the server's settings are when it is made again.
#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::HasSubstr;

class MysqlSettings : public MysqlWorld {
 protected:
  MysqlSettings() {
    if (mysql()) server_.admin("GRANT SESSION_VARIABLES_ADMIN ON *.* TO app@localhost");
  }
  ~MysqlSettings() override {
    if (mysql()) server_.admin("REVOKE SESSION_VARIABLES_ADMIN ON *.* FROM app@localhost");
    for (const std::string& setting : changed_) {
      server_.admin("SET GLOBAL " + setting + " = DEFAULT");
    }
  }
  MysqlSettings(const MysqlSettings&) = delete;
  MysqlSettings& operator=(const MysqlSettings&) = delete;

  void set(const std::string& setting, const std::string& value) {
    server_.admin("SET GLOBAL " + setting + " = " + value);
    changed_.push_back(setting);
  }
  void expect_comes_back() const {
    const std::string original = dump();
    const ParkedName built = materialise(*seal());
    expect_same(dump(built), original);
    const ParkedName clone = new_name();
    open().clone_parked(built, clone, no_progress());
    expect_same(dump(clone), original);
  }

  std::vector<std::string> changed_;
};

TEST_F(MysqlSettings, RowsThatMayBeTooLongComeBack) {
  std::string columns = "id INT PRIMARY KEY";
  for (int i = 0; i < 60; ++i) {
    columns += ", c" + std::to_string(i) + " CHAR(200) CHARACTER SET latin1";
  }
  run("SET SESSION innodb_strict_mode = OFF; CREATE TABLE wide(" + columns +
      ") ROW_FORMAT = DYNAMIC; INSERT INTO wide(id, c59) VALUES (1, 'a')");
  expect_comes_back();
}

TEST_F(MysqlSettings, TimestampsGetNoDefaultsOfTheirOwn) {
  run("CREATE TABLE t(a TIMESTAMP NOT NULL, b TIMESTAMP NULL)");
  set("explicit_defaults_for_timestamp", "OFF");
  expect_comes_back();
}

TEST_F(MysqlSettings, TablesWithoutAKeyGetNone) {
  run("CREATE TABLE t(x INT); INSERT INTO t VALUES (1)");
  if (!mysql()) return expect_comes_back();
  set("sql_require_primary_key", "ON");
  expect_comes_back();
  const ParkedName copy = park();
  EXPECT_NO_THROW(swap(copy, new_name()));
  set("sql_generate_invisible_primary_key", "ON");
  expect_comes_back();
  server_.admin("REVOKE SESSION_VARIABLES_ADMIN ON *.* FROM app@localhost");
  const Error error = error_of([&] { materialise(*seal()); });
  EXPECT_THAT(error.what(), HasSubstr("makes t otherwise than it was"));
  server_.admin("GRANT SESSION_VARIABLES_ADMIN ON *.* TO app@localhost");
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
