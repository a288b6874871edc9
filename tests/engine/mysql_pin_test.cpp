#include <atomic>
#include <thread>

#include "engine/mysql/pin.hpp"
#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::HasSubstr;

class MysqlPin : public MysqlWorld {
 protected:
  MysqlPin() {
    run("CREATE TABLE a(id INT PRIMARY KEY, x INT); INSERT INTO a SELECT seq, 1 FROM " +
        numbers_to(500) +
        ";CREATE TABLE b(id INT PRIMARY KEY, x INT); INSERT INTO b SELECT seq, 1 FROM " +
        numbers_to(500));
  }
};

TEST_F(MysqlPin, TwoSessionsSeeTheSameWhileOthersWrite) {
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    MysqlApplication app(url(live_));
    // In both tables or in none.
    while (!stop)
      app.run("START TRANSACTION; UPDATE a SET x = x + 1; UPDATE b SET x = x + 1; COMMIT");
  });
  context_.busy_timeout = std::chrono::seconds(10);
  for (int i = 0; i < 10; ++i) {
    const auto pin = Pin::open(server(), live_, Content::all);
    const std::string sum = "SELECT (SELECT SUM(x) FROM " + qualified(live_, "a") +
                            ") - (SELECT SUM(x) FROM " + qualified(live_, "b") + ")";
    EXPECT_EQ(pin->leader().query(sum).str(0, 0), "0");
    if (pin->helper() == nullptr) continue;
    const std::string one = "SELECT SUM(x) FROM " + qualified(live_, "a");
    EXPECT_EQ(pin->leader().query(one).str(0, 0), pin->helper()->query(one).str(0, 0));
  }
  stop = true;
  writer.join();
}

TEST_F(MysqlPin, KeepsTablesFromBeingAlteredButNotFromBeingWritten) {
  const auto view = open().pin(Content::all);
  MysqlApplication app(url(live_));
  EXPECT_EQ(app.run("UPDATE a SET x = 2"), "");
  EXPECT_THAT(app.run("SET lock_wait_timeout = 0; ALTER TABLE a ADD COLUMN y INT"),
              HasSubstr("Lock wait timeout"));
  MemoryImage image;
  view->write(image, no_progress());
  EXPECT_EQ(run_in(materialise(image), "SELECT SUM(x) FROM a"), "500\n");
}

TEST_F(MysqlPin, LockedTablesAreNamedAsBusy) {
  MysqlApplication app(url(live_));
  app.run("LOCK TABLES a WRITE");
  const Error error = error_of([&] { open().pin(Content::all); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(all_of(error), HasSubstr("connection " + app.id()));
}

TEST_F(MysqlPin, TablesOfOtherEnginesAreTold) {
  run("CREATE TABLE m(x INT) ENGINE=MyISAM");
  open().pin(Content::all);
  EXPECT_THAT(notices_, testing::ElementsAre(HasSubstr("not InnoDB's")));
}

TEST_F(MysqlPin, MissingSchemaIsSaid) {
  server_.drop(live_);
  EXPECT_THAT(error_of([&] { open().pin(Content::all); }).what(), HasSubstr("there is no schema"));
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
