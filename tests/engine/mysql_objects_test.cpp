// What of a schema is no table goes with its branch as it is, whatever is in the way.
#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::HasSubstr;

class MysqlObjects : public MysqlWorld {
 protected:
  MysqlObjects() {
    run("CREATE TABLE t(id INT PRIMARY KEY, label TEXT); INSERT INTO t VALUES (1, 'parked');");
    parked_ = park();
    run("UPDATE t SET label = 'live'");
  }
  /// Every byte arrives, which the client program does not grant.
  void run_as_is(const std::string& sql) const {
    EXPECT_EQ(MysqlApplication(url(live_)).run(sql), "") << sql;
  }
  void there_and_back() {
    const ParkedName out = new_name();
    swap(parked_, out);
    parked_ = new_name();
    swap(out, parked_);
  }

  ParkedName parked_ = new_name();
};

TEST_F(MysqlObjects, TriggersHaveCommentsInTheirHeads) {
  run_as_is(
      "CREATE TRIGGER first_one -- don't forget the totals\nBEFORE INSERT ON t FOR EACH ROW "
      "SET new.label = CONCAT(new.label, '!')");
  run_as_is(
      "CREATE TRIGGER /* it's on t.x */ second_one BEFORE INSERT # FOR EACH ROW\nON t FOR "
      "EACH ROW SET new.label = CONCAT(new.label, '?')");
  const std::string before = dump();
  there_and_back();
  expect_same(dump(), before);
  run("INSERT INTO t VALUES (2, 'new')");
  EXPECT_EQ(run("SELECT label FROM t WHERE id = 2"), "new!?\n");
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
