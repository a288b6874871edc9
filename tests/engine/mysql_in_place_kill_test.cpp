// The process that exchanges in place is killed around every statement and every file that changes
// something; an application writes to whatever is there then. Settling finds one of the two ends,
// and nothing that was acknowledged is lost.
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/mysql/in_place/plan.hpp"
#include "engine/mysql_in_place_world.hpp"
#include "engine/mysql_trap.hpp"
#include "support/long_tests.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::HasSubstr;

class MysqlInPlaceKilled : public InPlaceWorld {
 protected:
  MysqlInPlaceKilled() {
    context_.connections = ConnectionPolicy::wait;
    sql("CREATE TABLE parents(id INT PRIMARY KEY, name VARCHAR(20));"
        "CREATE TABLE children(id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES "
        "parents(id));"
        "CREATE TABLE written(id INT PRIMARY KEY);"
        "CREATE VIEW names AS SELECT name FROM parents;"
        "CREATE TRIGGER shout BEFORE INSERT ON parents FOR EACH ROW SET new.name = upper(new.name);"
        "INSERT INTO parents VALUES (1, 'of the parked'); INSERT INTO children VALUES (1, 1);"
        "CREATE PROCEDURE shared() SELECT 1; CREATE PROCEDURE parked_only() SELECT 2;" +
        on_mariadb("CREATE SEQUENCE numbers; DO NEXTVAL(numbers);"));
    parked_dump_ = dump();
    parked_ = park_file();
    sql("DELETE FROM children; DELETE FROM parents; DROP PROCEDURE parked_only;"
        "CREATE TABLE added(x INT); CREATE TRIGGER on_added BEFORE INSERT ON added FOR EACH ROW "
        "SET new.x = 3;"
        "INSERT INTO parents VALUES (5, 'of live'); INSERT INTO children VALUES (6, 5);"
        "INSERT INTO added VALUES (1);"
        "CREATE EVENT tick ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01' DO SET @x = 1;" +
        on_mariadb("DO NEXTVAL(numbers);"));
    live_dump_ = dump();
  }

  /// The swap of a process of its own, which the trap may end.
  bool swap_killed_at(const std::string& plan, int at, bool after_sending) {
    return killed_at(
        {.at = at, .after_sending = after_sending, .seen = 0, .files_too = true, .rows_too = true},
        [&] {
          context_.notice = {};
          static_cast<void>(serve()->swap(plan));
        });
  }

  /// As an application would that finds its database odd.
  [[nodiscard]] bool write_row(int id) const {
    return try_sql(
        "CREATE TABLE IF NOT EXISTS written(id INT PRIMARY KEY); INSERT INTO written "
        "VALUES (" +
        std::to_string(id) + ")");
  }

  [[nodiscard]] std::string all_written() const {
    std::string everything = sql("SELECT id FROM written");
    for (const std::string& name : copies()) {
      everything += sql_on(ParkedName(name), "SELECT id FROM written");
    }
    return "\n" + everything;
  }

  void drop_strays(const ParkedName& but) const {
    for (const std::string& name : copies()) {
      if (name != but.str()) serve()->drop_parked(ParkedName(name));
    }
  }

  /// Live holds one of the two states and the copy the other; makes it the first.
  void expect_one_end(bool done, const ParkedName& out, const std::string& when) {
    sql("DELETE FROM written");
    const ParkedName& parked = done ? out : parked_;
    EXPECT_THAT(copies(), testing::Contains(parked.str())) << when;
    expect_same(dump(), done ? parked_dump_ : live_dump_, when);
    expect_same(dump_of(parked), done ? live_dump_ : parked_dump_, when);
    expect_nothing_left(when);
    drop_strays(parked);
    if (!done) return;
    parked_ = new_name();
    exchange(out, parked_);
    expect_same(dump(), live_dump_, when);
  }

  /// Returns how many could be struck.
  int strike_all(bool after_sending, bool with_writer, int step) {
    for (int at = 0;; at += step) {
      const std::string when = "at " + std::to_string(at) + (after_sending ? " (sent)" : "");
      const ParkedName out = new_name();
      const std::string plan = serve()->plan_swap(parked_, out);
      const bool killed = swap_killed_at(plan, at, after_sending);
      const bool acknowledged = with_writer && write_row(1000 + at);
      const Settled settled = serve()->settle(plan);
      if (acknowledged) {
        EXPECT_THAT(all_written(), HasSubstr("\n" + std::to_string(1000 + at) + "\n")) << when;
      } else {
        EXPECT_THAT(copies(), testing::SizeIs(1)) << when;
      }
      EXPECT_EQ(serve()->settle(plan), settled) << when;
      EXPECT_TRUE(killed || settled == Settled::done) << when;
      expect_one_end(settled == Settled::done, out, when);
      if (!killed || HasFailure()) return at;
    }
  }

  ParkedName parked_ = new_name();
  std::string parked_dump_;
  std::string live_dump_;
};

TEST_F(MysqlInPlaceKilled, BeforeAnyStatementAndFile) {
  EXPECT_GT(strike_all(false, false, quemsi::test::stride(2)), 20);
}

TEST_F(MysqlInPlaceKilled, WhileAnyStatementRuns) {
  EXPECT_GT(strike_all(true, false, quemsi::test::stride(3)), 20);
}

TEST_F(MysqlInPlaceKilled, WithAnApplicationThatWritesToWhatIsThere) {
  EXPECT_GT(strike_all(false, true, quemsi::test::stride(5)), 20);
}

TEST_F(MysqlInPlaceKilled, WhileItIsSettled) {
  for (const int first : {6, 10, 13, 16, 19, 22}) {
    const ParkedName out = new_name();
    const std::string plan = serve()->plan_swap(parked_, out);
    ASSERT_TRUE(swap_killed_at(plan, first, false));
    int rounds = 0;
    for (int at = 0;; at += 3) {
      const bool killed =
          killed_at({.at = at, .seen = 0, .files_too = true, .rows_too = true}, [&] {
            context_.notice = {};
            serve()->settle(plan);
          });
      if (!killed) break;
      ASSERT_LT(++rounds, 100);
    }
    const Settled settled = serve()->settle(plan);
    EXPECT_THAT(copies(), testing::SizeIs(1)) << first;
    expect_one_end(settled == Settled::done, out, "first killed at " + std::to_string(first));
  }
}

/// A restore into another schema, in whose place something is.
TEST_F(MysqlInPlaceKilled, WhileAnotherSchemaIsReplaced) {
  const std::string target = "the target";
  std::map<std::string, int> ends;
  for (int at = 0;; at += 5) {
    const std::string when = "at " + std::to_string(at);
    server_.create(target);
    server_.grant_plain(target);
    const DatabaseSpec into{
        .name = "target", .engine = "mysql", .url = server_.url(target, "plain")};
    MariadbServer::client(into.url,
                          "CREATE TABLE old(x INT); INSERT INTO old VALUES (1); CREATE TRIGGER g "
                          "BEFORE INSERT ON old FOR EACH ROW SET @a = 1");
    const std::string old = server_.dump(target);
    const ParkedName name = park_file();
    const bool killed = killed_at(
        {.at = at, .after_sending = true, .seen = 0, .files_too = true, .rows_too = true}, [&] {
          context_.notice = {};
          serve()->publish(name, into, true);
        });
    // The next command drops what the one before has built.
    serve()->drop_parked(name);
    EXPECT_THAT(copies(), testing::ElementsAre(parked_.str())) << when;
    expect_nothing_left(when);
    const std::string found = server_.dump(target);
    ++ends[found == old ? "old" : "new"];
    if (found != old) expect_same(found, live_dump_, when);
    if (!killed || HasFailure()) break;
  }
  EXPECT_GT(ends["old"], 0);
  EXPECT_GT(ends["new"], 1);
  server_.drop(target);
}

/// Which copies it needs nobody knows: none of them may go.
TEST_F(MysqlInPlaceKilled, ADamagedNoteStopsEverythingWithWhatHelps) {
  const ParkedRegistry registry(context_.state_dir, plain_spec().name);
  registry.write_note("publish-in-place", "{");
  const Error error = quemsi::test::error_of([&] { serve()->drop_parked(parked_); });
  EXPECT_EQ(error.kind(), ErrorKind::corrupt);
  EXPECT_THAT(error.hints(), testing::ElementsAre(HasSubstr("publish-in-place.note")));
  registry.write_note("publish-in-place", "");
  EXPECT_THAT(copies(), testing::ElementsAre(parked_.str()));
}

TEST_F(MysqlInPlaceKilled, ARestoreOnAServerThatIsNotOursWaitsToBeBegunAgain) {
  const ParkedRegistry registry(context_.state_dir, plain_spec().name);
  const InPlacePlan plan{.server = "another",
                         .live = "theirs",
                         .incoming = parked_.str(),
                         .outgoing = new_name().str(),
                         .stray = new_name().str()};
  const nlohmann::json note{{"plan", encode(plan)}, {"database", "x"}, {"target", "theirs"}};
  registry.write_note("publish-in-place", note.dump());
  EXPECT_THAT(copies(), testing::IsEmpty());
  EXPECT_THAT(notices_, testing::Contains(
                            testing::AllOf(HasSubstr("into theirs"), HasSubstr("begin it again"))));
  const Error error = quemsi::test::error_of([&] { serve()->drop_parked(parked_); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  registry.write_note("publish-in-place", "");
  EXPECT_THAT(copies(), testing::ElementsAre(parked_.str()));
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
