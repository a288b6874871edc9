#include "engine/mysql/read_lock.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include "engine/mysql/pin.hpp"
#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Runs SQL over and over in each of its sessions until destruction.
class Busy {
 public:
  Busy(const std::string& url, const std::string& sql, int sessions = 1) {
    for (int i = 0; i < sessions; ++i) {
      threads_.emplace_back([this, url, sql] {
        MysqlApplication app(url);
        while (!stop_) app.run(sql);
      });
    }
  }
  ~Busy() { stop_ = true; }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  std::atomic<bool> stop_ = false;
  std::vector<std::jthread> threads_;
};

/// Two accounts' tables, between which money goes back and forth.
class MysqlReadLock : public MysqlWorld {
 protected:
  MysqlReadLock() {
    for (const char* table : {"a", "b"}) {
      run("CREATE TABLE " + std::string(table) +
          "(id INT PRIMARY KEY, x INT NOT NULL, pad CHAR(250) NOT NULL); INSERT INTO " + table +
          " SELECT seq, 1000, REPEAT('p', 250) FROM " + numbers_to(2000) + "; ANALYZE TABLE " +
          table);
    }
    revoke();
  }
  ~MysqlReadLock() override { revoke(); }

  [[nodiscard]] static std::string privilege() { return mysql() ? "FLUSH_TABLES" : "RELOAD"; }
  void grant() const { server_.admin("GRANT " + privilege() + " ON *.* TO app@localhost"); }
  void revoke() const { server_.admin("REVOKE " + privilege() + " ON *.* FROM app@localhost"); }
  [[nodiscard]] std::unique_ptr<Pin> pin() const {
    return Pin::open(server(), live_, Content::all);
  }
  [[nodiscard]] std::int64_t sum(Connection& connection, const std::string& table) const {
    return static_cast<std::int64_t>(
        connection.query("SELECT SUM(x) FROM " + qualified(live_, table)).number(0, 0));
  }
  /// What keeps positions from coming equal: some statement is always under way.
  [[nodiscard]] Busy keep_busy() const { return {url(live_), "DO SLEEP(0.05 + RAND() / 10)", 6}; }
  [[nodiscard]] Busy move_money(int id) const {
    const std::string at = " WHERE id = " + std::to_string(id) + "; ";
    return {url(live_), "START TRANSACTION; UPDATE a SET x = x - 1" + at +
                            "UPDATE b SET x = x + 1" + at + "COMMIT"};
  }
};

TEST_F(MysqlReadLock, TwoSessionsSeeOneMomentHoweverManyWrite) {
  grant();
  context_.busy_timeout = seconds(10);
  const Busy one = move_money(1);
  const Busy two = move_money(2);
  const Busy others = keep_busy();
  // Now and then one session reads, because the lock was not to be had in time.
  int locked = 0;
  for (int i = 0; i < 100 && locked < 5; ++i) {
    const auto pin = this->pin();
    Connection& helper = pin->helper() != nullptr ? *pin->helper() : pin->leader();
    EXPECT_EQ(sum(pin->leader(), "a") + sum(helper, "b"), 2 * 2000 * 1000);
    if (pin->helper() != nullptr && !pin->captured().token) ++locked;
  }
  EXPECT_EQ(locked, 5);
}

TEST_F(MysqlReadLock, WithoutThePrivilegeOneSessionReadsAndThatIsToldOnce) {
  const Busy others = keep_busy();
  MysqlDatabase database = open();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(pin()->helper(), nullptr);
    database.probe();
    EXPECT_THAT(notices_, ElementsAre(HasSubstr(live_ +
                                                " is read by one connection, not by two; as an "
                                                "administrator: GRANT " +
                                                privilege() + " ON *.* TO 'app'@'localhost';")));
  }
}

TEST_F(MysqlReadLock, WhatIsSmallIsNotWorthIt) {
  run("DELETE FROM a; DELETE FROM b; OPTIMIZE TABLE a, b; ANALYZE TABLE a, b");
  grant();
  const Busy others = keep_busy();
  EXPECT_EQ(pin()->helper(), nullptr);
  open().probe();
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(MysqlReadLock, LongStatementsAreNotWaitedForLong) {
  grant();
  const Busy writer(url(live_), "UPDATE a SET x = x + SLEEP(2) WHERE id < 3");
  while (server_.admin("SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE "
                       "'UPDATE a%'") == "0\n") {
  }
  const auto pin = this->pin();
  EXPECT_EQ(pin->helper(), nullptr) << "it was waited for until its end";
  MysqlApplication app(url(live_));
  EXPECT_EQ(app.run("SET lock_wait_timeout = 1; UPDATE b SET x = 0 WHERE id = 1"), "");
  open().probe();
  EXPECT_THAT(notices_, ElementsAre(HasSubstr("take too long to be waited for")));
}

/// MySQL would keep `a` from everybody until the reader has ended.
TEST_F(MysqlReadLock, LongReadersAreNotMadeAnObstacle) {
  grant();
  const Busy reader(url(live_), "SELECT SUM(x + SLEEP(2)) FROM a WHERE id < 4");
  const Busy others = keep_busy();
  while (server_.admin("SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE "
                       "'SELECT SUM(x + SL%' AND time > 1") == "0\n") {
  }
  const auto pin = this->pin();
  EXPECT_EQ(pin->helper() == nullptr, mysql());
  EXPECT_EQ(run("SET lock_wait_timeout = 1; SELECT COUNT(*) FROM a"), "2000\n");
}

TEST_F(MysqlReadLock, ServesWhereNoPositionIsTold) {
  if (mysql()) server_.admin("REVOKE PROCESS ON *.* FROM app@localhost");
  grant();
  const Busy others = keep_busy();
  context_.busy_timeout = seconds(10);
  EXPECT_NE(pin()->helper(), nullptr);
  revoke();
  EXPECT_EQ(pin()->helper(), nullptr);
  if (mysql()) server_.admin("GRANT PROCESS ON *.* TO app@localhost");
}

TEST_F(MysqlReadLock, OthersWriteWhileAStateIsRead) {
  grant();
  const Busy others = keep_busy();
  const auto pin = this->pin();
  ASSERT_NE(pin->helper(), nullptr);
  MysqlApplication app(url(live_));
  EXPECT_EQ(app.run("SET lock_wait_timeout = 1; UPDATE a SET x = 0"), "");
  EXPECT_EQ(sum(*pin->helper(), "a"), 2000 * 1000);
}

TEST_F(MysqlReadLock, NobodyCommitsUntilItIsReleased) {
  grant();
  const Server server = this->server();
  MysqlApplication app(url(live_));
  ReadLock lock(server);
  ASSERT_EQ(lock.take(seconds(1)), LockOutcome::held);
  const std::string write = "SET lock_wait_timeout = 1; UPDATE a SET x = 0 WHERE id = 1";
  EXPECT_THAT(app.run(write), HasSubstr("Lock wait timeout"));
  EXPECT_TRUE(lock.release());
  EXPECT_EQ(app.run(write), "");
}

TEST_F(MysqlReadLock, ServerTakesItFromThoseWhoFellAsleep) {
  grant();
  const Server server = this->server();
  MysqlApplication app(url(live_));
  ReadLock lock(server);
  ASSERT_EQ(lock.take(seconds(1)), LockOutcome::held);
  EXPECT_EQ(app.run("SET lock_wait_timeout = 20; UPDATE a SET x = 0 WHERE id = 1"), "");
  EXPECT_FALSE(lock.release());
}

TEST_F(MysqlReadLock, IsNotHadWithoutThePrivilege) {
  const Server server = this->server();
  EXPECT_EQ(ReadLock(server).take(seconds(1)), LockOutcome::not_allowed);
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
