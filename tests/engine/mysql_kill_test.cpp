// The process that exchanges is killed around every statement that changes something: before it is
// sent, and when it has been sent but not answered. Settling finds one of the two ends, and every
// row, trigger, view, routine and event.
#include "engine/mysql_trap.hpp"
#include "engine/mysql_world.hpp"
#include "support/long_tests.hpp"

namespace quemsi::mysql_engine::test {
namespace {

constexpr const char* common_schema =
    "CREATE TABLE parents(id INT PRIMARY KEY, name VARCHAR(20));"
    "CREATE TABLE children(id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES "
    "parents(id));"
    "CREATE TABLE plain(id INT PRIMARY KEY);"
    "CREATE VIEW names AS SELECT name FROM parents;"
    "create trigger shout before insert on parents for each row set new.name = upper(new.name);"
    "CREATE TRIGGER second_one BEFORE INSERT ON `parents` FOR EACH ROW SET @a = 1;"
    "CREATE TRIGGER twice AFTER INSERT ON children FOR EACH ROW INSERT INTO plain VALUES (new.id);";

class MysqlKilled : public MysqlWorld {
 protected:
  /// Parked is one state, live another.
  void make_states() {
    run(common_schema);
    run("INSERT INTO parents VALUES (1, 'of the parked'); INSERT INTO children VALUES (1, 1);"
        "CREATE PROCEDURE shared() SELECT 1; CREATE PROCEDURE parked_only() SELECT 2;"
        "CREATE VIEW differs AS SELECT 1 AS one;");
    parked_dump_ = dump();
    parked_ = park();
    run("DELETE FROM children; DELETE FROM parents; DELETE FROM plain; DROP PROCEDURE parked_only;"
        "DROP VIEW differs; CREATE VIEW differs AS SELECT 2 AS two; DROP TRIGGER second_one;"
        "CREATE TABLE added(x INT); CREATE TRIGGER on_added BEFORE INSERT ON added FOR EACH ROW "
        "SET "
        "new.x = 3;"
        "INSERT INTO parents VALUES (5, 'of live'); INSERT INTO children VALUES (6, 5);"
        "CREATE EVENT tick ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01' DO SET @x = 1;"
        "CREATE EVENT asleep ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01' DISABLE ON SLAVE "
        "DO SET @x = 1;");
    live_dump_ = dump();
  }

  /// True when the child was killed; false when it came through.
  bool exchange_killed_at(const SwapPlan& planned, int at, bool after_sending,
                          const std::optional<Token>& expected) {
    const Trap wanted{
        .at = at, .after_sending = after_sending, .seen = 0, .files_too = !after_sending};
    return killed_at(wanted, [&] {
      context_.notice = {};
      exchange(server(), registry(), planned, expected, ConnectionPolicy::wait);
    });
  }

  [[nodiscard]] SwapPlan plan(const ParkedName& incoming, const ParkedName& outgoing) const {
    Connection connection = server().connect();
    return decode_plan(encode(plan_swap(server(), registry(), connection, incoming, outgoing)));
  }

  void expect_one_end(bool done, const ParkedName& other, const std::string& when) {
    expect_same(dump(), done ? parked_dump_ : live_dump_, when);
    const ParkedName& parked = done ? other : parked_;
    EXPECT_THAT(listed(), testing::ElementsAre(parked.str())) << when;
    EXPECT_THAT(parked_schemas(), testing::ElementsAre(parked.str())) << when;
  }

  /// Returns how many statements could be struck.
  int strike_all(bool after_sending, bool guarded, int step) {
    for (int at = 0;; at += step) {
      const std::string when =
          "at " + std::to_string(at) + (after_sending ? " (sent)" : " (not sent)");
      const ParkedName out = new_name();
      const SwapPlan planned = plan(parked_, out);
      const auto token =
          guarded ? open().pin(Content::all)->captured().token : std::optional<Token>();
      const bool killed = exchange_killed_at(planned, at, after_sending, token);
      const Settled settled = settle(server(), registry(), planned);
      EXPECT_EQ(settle(server(), registry(), planned), settled) << when;
      EXPECT_TRUE(killed || settled == Settled::done) << when;
      expect_one_end(settled == Settled::done, out, when);
      if (settled == Settled::done) {
        const ParkedName back = new_name();
        swap(out, back);
        expect_same(dump(), live_dump_, when);
        parked_ = back;
      }
      if (!killed || HasFailure()) return at;
    }
  }

  ParkedName parked_ = new_name();
  std::string parked_dump_;
  std::string live_dump_;
};

TEST_F(MysqlKilled, BeforeAnyStatement) {
  make_states();
  EXPECT_GT(strike_all(false, false, quemsi::test::stride(3)), 20);
}

TEST_F(MysqlKilled, WhileAnyStatementRuns) {
  make_states();
  EXPECT_GT(strike_all(true, false, quemsi::test::stride(2)), 20);
}

TEST_F(MysqlKilled, WhileLiveMustBeUnchanged) {
  make_states();
  EXPECT_GT(strike_all(true, true, quemsi::test::stride(3)), 20);
}

/// A restore into another schema, in whose place something is.
TEST_F(MysqlKilled, WhileAnotherSchemaIsReplaced) {
  make_states();
  const std::string target = "the target";
  int done = 0;
  for (int at = 0;; at += 4) {
    const std::string when = "at " + std::to_string(at);
    server_.create(target);
    MariadbServer::client(url(target),
                          "CREATE TABLE old(x INT); INSERT INTO old VALUES (1); CREATE "
                          "TRIGGER g BEFORE INSERT ON old FOR EACH ROW SET @a = 1");
    const std::string old = server_.dump(target);
    const ParkedName name = park();
    const bool killed =
        killed_at({.at = at, .after_sending = true, .seen = 0, .files_too = true}, [&] {
          context_.notice = {};
          open().publish(name, {.name = "target", .engine = "mysql", .url = url(target)}, true);
        });
    // The next command drops what the one before has built.
    open().drop_parked(name);
    EXPECT_THAT(listed(), testing::ElementsAre(parked_.str())) << when;
    EXPECT_THAT(parked_schemas(), testing::ElementsAre(parked_.str())) << when;
    const std::string found = server_.dump(target);
    done += found == live_dump_ ? 1 : 0;
    if (found != live_dump_) expect_same(found, old, when);
    if (!killed || HasFailure()) break;
  }
  EXPECT_GT(done, 2);
  server_.drop(target);
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
