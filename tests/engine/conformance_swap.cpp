// Exchanging live and a parked copy, with applications in the way.
#include "engine/conformance.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace quemsi::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

}  // namespace

TEST_P(EngineConformance, SwapGoesThereAndBackWithEveryRow) {
  const std::string first = live_dump();
  const ParkedName a = park();
  insert(spec_, 1000, 500);
  const std::string second = live_dump();
  const ParkedName b = new_name();
  swap(a, b);
  EXPECT_EQ(live_dump(), first);
  EXPECT_EQ(dump_of(b), second);
  const ParkedName c = new_name();
  swap(b, c);
  EXPECT_EQ(live_dump(), second);
  EXPECT_EQ(dump_of(c), first);
  EXPECT_THAT(names_of(live_->list_parked()), testing::ElementsAre(c.str()));
}

TEST_P(EngineConformance, ConnectedApplicationFollowsTheSwap) {
  const std::string first = live_dump();
  const ParkedName a = park();
  const auto app = quirks_->connect(spec_.url);
  app->run("INSERT INTO items VALUES(777, 'of the application')");
  const std::string second = live_dump();
  const ParkedName b = new_name();
  swap(a, b);
  EXPECT_EQ(app->run("SELECT count(*) FROM items"), "100\n");
  EXPECT_EQ(app->run("INSERT INTO items VALUES(778, 'after')"), "");
  EXPECT_EQ(dump_of(b), second);
  swap(b, new_name());
  EXPECT_EQ(app->run("SELECT label FROM items WHERE id=777"), "of the application\n");
  EXPECT_EQ(app->run("SELECT count(*) FROM items WHERE id=778"), "0\n");
  EXPECT_EQ(live_dump(), second);
}

TEST_P(EngineConformance, WriterInTheWayIsNamedAndNothingChanges) {
  const ParkedName a = park();
  insert(spec_, 1000, 1);
  const std::string before = live_dump();
  set_policy(ConnectionPolicy::wait);
  const auto app = quirks_->connect(spec_.url);
  app->run(quirks_->begin_writing());
  const ParkedName b = new_name();
  const Error error = error_of([&] { swap(a, b); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(causes_of(error), HasSubstr(app->process_name()));
  app->run("ROLLBACK");
  EXPECT_EQ(live_dump(), before);
  EXPECT_THAT(names_of(live_->list_parked()), testing::ElementsAre(a.str()));
}

TEST_P(EngineConformance, ReaderInTheWayIsNamedOrKeepsItsView) {
  const ParkedName a = park();
  insert(spec_, 1000, 1);
  const std::string before = live_dump();
  set_policy(ConnectionPolicy::wait);
  const auto app = quirks_->connect(spec_.url);
  app->run(quirks_->begin_reading());
  const ParkedName b = new_name();
  if (quirks_->readers_block_swap()) {
    const Error error = error_of([&] { swap(a, b); });
    EXPECT_EQ(error.kind(), ErrorKind::busy);
    EXPECT_THAT(causes_of(error), HasSubstr(app->process_name()));
    EXPECT_EQ(live_dump(), before);
  } else {
    swap(a, b);
    EXPECT_EQ(app->run("SELECT count(*) FROM items"), "101\n");
    EXPECT_EQ(dump_of(b), before);
  }
  app->run("COMMIT");
  const bool swapped = !quirks_->readers_block_swap();
  EXPECT_EQ(app->run("SELECT count(*) FROM items"), swapped ? "100\n" : "101\n");
}

TEST_P(EngineConformance, PolicyDecidesWhatAConnectionIsWorth) {
  std::string told;
  context_.notice = [&](const std::string& line) { told += line + "\n"; };
  const ParkedName a = park();
  insert(spec_, 1000, 1);
  const std::string before = live_dump();
  const auto app = quirks_->connect(spec_.url);
  app->run("INSERT INTO items VALUES(2000, 'of the application')");
  set_policy(ConnectionPolicy::refuse);
  const bool in_the_way = quirks_->connections_block_swap();
  if (in_the_way) {
    const Error error = error_of([&] { static_cast<void>(live_->plan_swap(a, new_name())); });
    EXPECT_EQ(error.kind(), ErrorKind::busy);
    EXPECT_THAT(causes_of(error), HasSubstr(app->process_name()));
    EXPECT_EQ(app->run("SELECT count(*) FROM items"), "102\n");
    EXPECT_THAT(told, IsEmpty());
    set_policy(ConnectionPolicy::terminate);
  }
  const std::string name = app->process_name();
  swap(a, new_name());
  EXPECT_EQ(told.find(name) != std::string::npos, in_the_way) << told;
  EXPECT_EQ(app->run("SELECT count(*) FROM items"), "100\n");
}

TEST_P(EngineConformance, SwapIntoAnAbsentDatabaseMakesIt) {
  const std::string content = live_dump();
  const ParkedName source = park();
  DatabaseSpec spec = quirks_->absent(dir_.path(), "absent");
  spec.name = spec_.name;
  const auto database = open(spec);
  const ParkedName outgoing = new_name();
  if (!quirks_->makes_databases()) {
    const Error error = error_of([&] { database->plan_swap(source, outgoing); });
    EXPECT_THAT(error.hints(), Not(IsEmpty()));
    EXPECT_EQ(dump_of(source), content);
    return;
  }
  const std::string plan = database->plan_swap(source, outgoing);
  static_cast<void>(database->swap(plan));
  EXPECT_EQ(quirks_->dump(spec.url), content);
  EXPECT_THAT(names_of(database->list_parked()), IsEmpty());
  EXPECT_EQ(database->settle(plan), Settled::done);
}

TEST_P(EngineConformance, PlanChangesNothingAndRefusesATakenName) {
  const ParkedName a = park();
  const std::string before = live_dump();
  static_cast<void>(live_->plan_swap(a, new_name()));
  EXPECT_EQ(live_dump(), before);
  EXPECT_THROW(static_cast<void>(live_->plan_swap(a, a)), Error);
  EXPECT_THROW(static_cast<void>(live_->plan_swap(new_name(), new_name())), Error);
}

TEST_P(EngineConformance, SettleBeforeTheSwapSaysNotDone) {
  const ParkedName a = park();
  insert(spec_, 1000, 1);
  const std::string before = live_dump();
  const std::string plan = live_->plan_swap(a, new_name());
  for (int i = 0; i < 2; ++i) EXPECT_EQ(live_->settle(plan), Settled::not_done);
  EXPECT_EQ(live_dump(), before);
  EXPECT_THAT(names_of(live_->list_parked()), testing::ElementsAre(a.str()));
  static_cast<void>(live_->swap(plan));
  EXPECT_NE(live_dump(), before);
}

TEST_P(EngineConformance, SettleAfterTheSwapSaysDone) {
  const std::string content = live_dump();
  const ParkedName a = park();
  insert(spec_, 1000, 1);
  const ParkedName b = new_name();
  const std::string plan = live_->plan_swap(a, b);
  static_cast<void>(live_->swap(plan));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(live_->settle(plan), Settled::done);
  EXPECT_EQ(live_dump(), content);
  EXPECT_THAT(names_of(live_->list_parked()), testing::ElementsAre(b.str()));
}

TEST_P(EngineConformance, SwapOfWhatMustBeUnchangedGoesThroughWhenItIs) {
  const ParkedName a = park();
  const ParkedName b = park();
  const auto token = live_->swap(live_->plan_swap(a, new_name()));
  ASSERT_TRUE(token);
  EXPECT_NO_THROW(static_cast<void>(live_->swap(live_->plan_swap(b, new_name()), token)));
}

TEST_P(EngineConformance, SwapOfWhatMustBeUnchangedGoesThroughWhileSomebodyIsConnected) {
  const ParkedName a = park();
  const auto app = quirks_->connect(spec_.url);
  ASSERT_EQ(app->run("INSERT INTO items VALUES(5000, 'before')"), "");
  const std::string content = live_dump();
  const auto token = live_->pin(Content::all)->captured().token;
  ASSERT_TRUE(token);
  const ParkedName outgoing = new_name();
  EXPECT_NO_THROW(static_cast<void>(live_->swap(live_->plan_swap(a, outgoing), token)));
  EXPECT_EQ(dump_of(outgoing), content);
}

TEST_P(EngineConformance, SwapOfWhatMustBeUnchangedIsRefusedAfterAWrite) {
  const ParkedName a = park();
  const ParkedName b = park();
  const auto token = live_->swap(live_->plan_swap(a, new_name()));
  ASSERT_TRUE(token);
  const ParkedName outgoing = new_name();
  const std::string plan = live_->plan_swap(b, outgoing);
  insert(spec_, 5000, 1);
  const std::string before = live_dump();
  const std::string parked = dump_of(b);
  EXPECT_EQ(error_of([&] { live_->swap(plan, token); }).kind(), ErrorKind::busy);
  EXPECT_EQ(live_->settle(plan), Settled::not_done);
  EXPECT_EQ(live_dump(), before);
  EXPECT_EQ(dump_of(b), parked);
}

TEST_P(EngineConformance, SwapOfWhatMustBeUnchangedIsRefusedWhileAWriterIsConnected) {
  const ParkedName a = park();
  const ParkedName b = park();
  const auto token = live_->swap(live_->plan_swap(a, new_name()));
  ASSERT_TRUE(token);
  const auto app = quirks_->connect(spec_.url);
  app->run("SELECT count(*) FROM items");
  const std::string plan = live_->plan_swap(b, new_name());
  ASSERT_EQ(app->run("INSERT INTO items VALUES(5000, 'meanwhile')"), "");
  EXPECT_EQ(error_of([&] { live_->swap(plan, token); }).kind(), ErrorKind::busy);
  EXPECT_THAT(live_dump(), HasSubstr("meanwhile"));
}

TEST_P(EngineConformance, SettleWithAnApplicationConnectedAgrees) {
  const ParkedName a = park();
  const auto app = quirks_->connect(spec_.url);
  app->run("INSERT INTO items VALUES(777, 'x')");
  const ParkedName b = new_name();
  const std::string plan = live_->plan_swap(a, b);
  EXPECT_EQ(live_->settle(plan), Settled::not_done);
  static_cast<void>(live_->swap(plan));
  ASSERT_EQ(app->run("INSERT INTO items VALUES(778, 'y')"), "");
  EXPECT_EQ(live_->settle(plan), Settled::done);
  EXPECT_EQ(app->run("SELECT count(*) FROM items"), "101\n");
}

TEST_P(EngineConformance, RowsOfABusyWriterAreInExactlyOnePlace) {
  const ParkedName a = park();
  std::atomic<bool> stop = false;
  std::vector<int> acknowledged;
  std::atomic<int> written = 0;
  std::thread writer([&] {
    const auto app = quirks_->connect(spec_.url);
    for (int id = 10000; !stop; ++id) {
      const std::string answer =
          app->run("INSERT INTO items VALUES(" + std::to_string(id) + ",'w')");
      if (!answer.empty()) continue;
      acknowledged.push_back(id);
      ++written;
    }
  });
  std::vector<ParkedName> out;
  context_.busy_timeout = std::chrono::seconds(10);
  live_ = open(spec_);
  for (int i = 0; i < 5; ++i) {
    // What goes in is without the writer's rows, so that each is in one place.
    const ParkedName incoming = new_name();
    live_->clone_parked(a, incoming, no_progress());
    for (const int before = written; written < before + 5;) std::this_thread::yield();
    const ParkedName outgoing = new_name();
    EXPECT_NO_THROW(swap(incoming, outgoing));
    if (HasFailure()) break;
    out.push_back(outgoing);
  }
  stop = true;
  writer.join();
  std::string everything = quirks_->run(spec_.url, "SELECT id FROM items WHERE id >= 10000;");
  for (const ParkedName& name : out) {
    everything +=
        quirks_->run(quirks_->readable(*live_, name), "SELECT id FROM items WHERE id >= 10000;");
  }
  std::string expected;
  for (const int id : acknowledged) expected += std::to_string(id) + "\n";
  const auto sorted = [](const std::string& text) {
    std::vector<int> ids;
    std::size_t start = 0;
    for (std::size_t end = 0; (end = text.find('\n', start)) != std::string::npos;
         start = end + 1) {
      ids.push_back(std::stoi(text.substr(start, end - start)));
    }
    std::ranges::sort(ids);
    return ids;
  };
  EXPECT_GT(acknowledged.size(), 20U);
  EXPECT_EQ(sorted(everything), acknowledged);
}

}  // namespace quemsi::test
