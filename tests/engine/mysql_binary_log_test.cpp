#include <algorithm>

#include "engine/mysql/examine.hpp"
#include "engine/mysql_objects_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// On a server with its binary log on, which does not trust who makes functions.
class MysqlBinaryLog : public MysqlObjects {
 protected:
  static void SetUpTestSuite() {
    logging = std::make_unique<MariadbServer>(
        MariadbOptions{.settings = {"--log-bin=log", "--server-id=1"}});
  }
  static void TearDownTestSuite() { logging.reset(); }
  MysqlBinaryLog() : MysqlObjects(*logging) {}
  ~MysqlBinaryLog() override { trust(false); }
  void trust(bool on) const {
    server_.admin(std::string("SET GLOBAL log_bin_trust_function_creators = ") +
                  (on ? "ON" : "OFF"));
  }
  void expect_refused(const Error& error) const {
    EXPECT_THAT(all_of(error), HasSubstr("may not make triggers and functions: "));
    EXPECT_THAT(all_of(error), HasSubstr("SET GLOBAL log_bin_trust_function_creators = ON"));
  }

 private:
  static inline std::unique_ptr<MariadbServer> logging;
};

TEST_F(MysqlBinaryLog, RefusesBeforehandWhatItWouldNotLetUsMake) {
  trust(true);
  run("CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1;"
      "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @a = 1");
  const ParkedName with_both = park();
  const auto image = seal();
  trust(false);
  const std::string before = dump();
  MysqlDatabase database = open();
  expect_refused(error_of([&] { database.plan_swap(parked_, new_name()); }));
  expect_refused(error_of([&] { materialise(*image); }));
  expect_refused(error_of([&] { database.clone_parked(with_both, new_name(), no_progress()); }));
  run("DROP FUNCTION f");
  server_.admin("DROP TRIGGER tr", live_);
  expect_refused(error_of([&] { database.plan_swap(with_both, new_name()); }));
  EXPECT_NO_THROW(swap(parked_, new_name()));
  EXPECT_NE(dump(), before);
}

TEST_F(MysqlBinaryLog, IsSeenByTheDoctor) {
  const auto complaints = [&] {
    return std::ranges::count_if(open().examine(), [](const Finding& finding) {
      return all_of(finding.error).find("log_bin_trust_function_creators") != std::string::npos;
    });
  };
  EXPECT_EQ(complaints(), 0);
  server_.admin("CREATE DEFINER=app@localhost FUNCTION f() RETURNS INT DETERMINISTIC RETURN 1",
                live_);
  EXPECT_EQ(complaints(), 1);
  trust(true);
  EXPECT_EQ(complaints(), 0);
}

TEST_F(MysqlBinaryLog, LetsProceduresPass) {
  run("CREATE PROCEDURE p() SELECT 1; CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SET @x = 1;"
      "CREATE VIEW v AS SELECT * FROM t");
  const std::string before = dump();
  there_and_back();
  expect_same(dump(), before);
}

/// A function that root could make when the server trusted him cannot be made now.
TEST_F(MysqlBinaryLog, StopsAnExchangeBeforeAnythingIsMoved) {
  trust(true);
  server_.admin("CREATE FUNCTION unsafe() RETURNS INT RETURN 1", live_);
  trust(false);
  const std::string before = dump();
  MysqlDatabase database = open_as("root");
  const std::string plan = database.plan_swap(parked_, new_name());
  const Error error = error_of([&] { database.swap(plan); });
  EXPECT_THAT(all_of(error), HasSubstr("FUNCTION unsafe cannot be made again"));
  EXPECT_EQ(database.settle(plan), Settled::not_done);
  expect_same(dump(), before);
  EXPECT_THAT(listed(), ElementsAre(parked_.str()));
  EXPECT_THAT(parked_schemas(), ElementsAre(parked_.str()));
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
