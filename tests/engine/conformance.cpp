#include "engine/conformance.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "engine/memory_image.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> names_of(const std::vector<ParkedInfo>& infos) {
  std::vector<std::string> names;
  for (const ParkedInfo& info : infos) names.push_back(info.name.str());
  return names;
}

std::string causes_of(const Error& error) {
  std::string text;
  for (const std::string& cause : error.causes()) text += cause + "\n";
  return text;
}

class Cancelled : public Progress {
 public:
  void begin(std::string_view, std::uint64_t) override {}
  void advance(std::uint64_t) override {}
  void end() override {}
  void check_cancelled() override { throw Error(ErrorKind::cancelled, "stop"); }
};

}  // namespace

EngineConformance::EngineConformance()
    : context_{.top = dir_.path(),
               .state_dir = dir_.path() / "state",
               .busy_timeout = std::chrono::milliseconds(300)},
      quirks_(GetParam()()),
      registry_(QUEMSI_MODULE_DIR) {
  std::filesystem::create_directory(context_.state_dir);
  spec_ = quirks_->create(dir_.path(), "app");
  live_ = open(spec_);
  insert(spec_, 1, 100);
}

std::unique_ptr<Database> EngineConformance::open(const DatabaseSpec& spec) {
  return registry_.open(spec, context_);
}

void EngineConformance::insert(const DatabaseSpec& spec, int first, int count) {
  std::string sql = "INSERT INTO items VALUES";
  for (int id = first; id < first + count; ++id) {
    sql += (id == first ? "(" : ",(") + std::to_string(id) + ",'row " + std::to_string(id) + "')";
  }
  quirks_->run(spec.url, sql + ";");
}

ParkedName EngineConformance::park() {
  const ParkedName name = new_name();
  EXPECT_TRUE(live_->copy_live(name, Content::all, CopyLimit::none, no_progress()));
  return name;
}

std::optional<Token> EngineConformance::capture_token() {
  if (quirks_->copies_end_proofs()) return live_->pin(Content::all)->captured().token;
  const ParkedName name = new_name();
  const auto captured = live_->copy_live(name, Content::all, CopyLimit::none, no_progress());
  live_->drop_parked(name);
  return captured->token;
}

void EngineConformance::swap(const ParkedName& incoming, const ParkedName& outgoing) {
  static_cast<void>(live_->swap(live_->plan_swap(incoming, outgoing)));
}

void EngineConformance::set_policy(ConnectionPolicy policy) {
  context_.connections = policy;
  live_ = open(spec_);
}

// -- looking ------------------------------------------------------------------

TEST_P(EngineConformance, ProbeTellsWhatIsThere) {
  const Probe probe = live_->probe();
  EXPECT_TRUE(probe.exists);
  EXPECT_GT(probe.bytes, 0U);
  EXPECT_THAT(probe.version, Not(IsEmpty()));
  EXPECT_FALSE(open(quirks_->absent(dir_.path(), "absent"))->probe().exists);
}

TEST_P(EngineConformance, LocationNamesThePhysicalDatabase) {
  DatabaseSpec other_name = spec_;
  other_name.name = "another name";
  EXPECT_EQ(open(other_name)->location(), live_->location());
  EXPECT_NE(open(quirks_->create(dir_.path(), "other"))->location(), live_->location());
}

TEST_P(EngineConformance, FingerprintFollowsTheSchemaAndNotTheRows) {
  const std::optional<std::string> before = live_->schema_fingerprint();
  ASSERT_TRUE(before);
  insert(spec_, 1000, 10);
  EXPECT_EQ(live_->schema_fingerprint(), before);
  const ParkedName plain = park();
  std::set<std::optional<std::string>> seen{before};
  for (const char* sql :
       {"ALTER TABLE items ADD COLUMN extra INTEGER", "CREATE TABLE more(x INTEGER)",
        "CREATE INDEX by_x ON more(x)", "DROP VIEW labels"}) {
    quirks_->run(spec_.url, std::string(sql) + ";");
    EXPECT_TRUE(seen.insert(live_->schema_fingerprint()).second) << sql;
  }
  swap(plain, new_name());
  EXPECT_EQ(live_->schema_fingerprint(), before);
  EXPECT_FALSE(open(quirks_->absent(dir_.path(), "absent"))->schema_fingerprint());
}

// -- capture ------------------------------------------------------------------

TEST_P(EngineConformance, CopyHoldsWhatLiveHeld) {
  const std::string before = live_dump();
  const ParkedName name = park();
  insert(spec_, 1000, 10);
  EXPECT_EQ(dump_of(name), before);
  EXPECT_NE(live_dump(), before);
}

TEST_P(EngineConformance, CopyIsMadeWhileAnApplicationIsConnected) {
  const auto app = quirks_->connect(spec_.url);
  app->run("INSERT INTO items VALUES(500, 'from the application')");
  const ParkedName name = park();
  EXPECT_EQ(app->run("INSERT INTO items VALUES(501, 'goes on')"), "");
  EXPECT_THAT(dump_of(name), HasSubstr("from the application"));
  EXPECT_THAT(dump_of(name), Not(HasSubstr("goes on")));
}

TEST_P(EngineConformance, SchemaCopyHasNoRows) {
  const ParkedName name = new_name();
  ASSERT_TRUE(live_->copy_live(name, Content::schema, CopyLimit::instant, no_progress()));
  EXPECT_THAT(dump_of(name), HasSubstr("items_by_label"));
  EXPECT_THAT(dump_of(name), HasSubstr("no_empty"));
  EXPECT_THAT(dump_of(name), HasSubstr("labels"));
  EXPECT_THAT(dump_of(name), Not(HasSubstr("row 1")));
}

TEST_P(EngineConformance, CopyRefusesAnExistingName) {
  const ParkedName name = park();
  const std::string before = dump_of(name);
  insert(spec_, 1000, 1);
  EXPECT_THROW(live_->copy_live(name, Content::all, CopyLimit::none, no_progress()), Error);
  EXPECT_EQ(dump_of(name), before);
}

TEST_P(EngineConformance, PinnedViewStaysWhileAnApplicationWrites) {
  const std::string before = live_dump();
  const auto view = live_->pin(Content::all);
  const auto app = quirks_->connect(spec_.url);
  for (int id = 1000; id < 1100; ++id) {
    ASSERT_EQ(app->run("INSERT INTO items VALUES(" + std::to_string(id) + ",'later')"), "");
  }
  MemoryImage image;
  view->write(image, no_progress());
  EXPECT_TRUE(image.finished());
  const ParkedName name = new_name();
  live_->materialise(image, name, no_progress());
  EXPECT_EQ(dump_of(name), before);
}

TEST_P(EngineConformance, PinnedSchemaHasNoRows) {
  MemoryImage image;
  live_->pin(Content::schema)->write(image, no_progress());
  const ParkedName name = new_name();
  live_->materialise(image, name, no_progress());
  EXPECT_THAT(dump_of(name), HasSubstr("items_by_label"));
  EXPECT_THAT(dump_of(name), Not(HasSubstr("row 1")));
}

TEST_P(EngineConformance, ViewStopsWhenCancelled) {
  Cancelled progress;
  MemoryImage image;
  const Error error = error_of([&] { live_->pin(Content::all)->write(image, progress); });
  EXPECT_EQ(error.kind(), ErrorKind::cancelled);
}

// -- images -------------------------------------------------------------------

TEST_P(EngineConformance, MaterialisedEqualsWhatWasSealed) {
  const std::string before = live_dump();
  const ParkedName parked = park();
  MemoryImage image;
  live_->open_parked(parked)->write(image, no_progress());
  EXPECT_EQ(image.header().engine, quirks_->engine());
  live_->drop_parked(parked);
  const ParkedName name = new_name();
  live_->materialise(image, name, no_progress());
  EXPECT_EQ(dump_of(name), before);
}

TEST_P(EngineConformance, DamagedImagesAreRefusedAndLeaveNothing) {
  const std::vector<std::function<void(MemoryImage&)>> damages{
      [](MemoryImage& image) { image.parts().back()->chunks.pop_back(); },
      [](MemoryImage& image) { image.parts().front()->chunks.front().resize(100); },
      [](MemoryImage& image) {
        std::ranges::fill(image.parts().front()->chunks.front(), std::byte{0xff});
      },
      [](MemoryImage& image) { image.mutable_header().attributes.clear(); },
      [](MemoryImage& image) { image.parts().clear(); }};
  for (const auto& damage : damages) {
    MemoryImage image;
    live_->pin(Content::all)->write(image, no_progress());
    damage(image);
    const Error error = error_of([&] { live_->materialise(image, new_name(), no_progress()); });
    EXPECT_EQ(error.kind(), ErrorKind::corrupt) << error.what();
    EXPECT_THAT(names_of(live_->list_parked()), IsEmpty());
  }
}

TEST_P(EngineConformance, NewerImageFormatIsRefused) {
  MemoryImage image;
  live_->pin(Content::all)->write(image, no_progress());
  image.mutable_header().engine_format = "99";
  const Error error = error_of([&] { live_->materialise(image, new_name(), no_progress()); });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
}

TEST_P(EngineConformance, EqualContentMakesEqualChunks) {
  const ParkedName parked = park();
  MemoryImage first;
  MemoryImage second;
  live_->open_parked(parked)->write(first, no_progress());
  live_->open_parked(parked)->write(second, no_progress());
  ASSERT_EQ(first.parts().size(), second.parts().size());
  for (std::size_t i = 0; i < first.parts().size(); ++i) {
    EXPECT_EQ(first.parts()[i]->chunks, second.parts()[i]->chunks);
  }
}

// -- parked copies ------------------------------------------------------------

TEST_P(EngineConformance, ParkedCopiesAreListedAndDropped) {
  const ParkedName first = park();
  const ParkedName second = park();
  auto names = names_of(live_->list_parked());
  EXPECT_THAT(names, testing::UnorderedElementsAre(first.str(), second.str()));
  for (const ParkedInfo& info : live_->list_parked()) EXPECT_GT(info.bytes, 0U);
  live_->drop_parked(first);
  live_->drop_parked(first);
  names = names_of(live_->list_parked());
  EXPECT_THAT(names, testing::ElementsAre(second.str()));
}

TEST_P(EngineConformance, CloneIsACopyOfItsOwn) {
  const ParkedName from = park();
  const ParkedName to = new_name();
  live_->clone_parked(from, to, no_progress());
  if (quirks_->has_parked_urls()) {
    quirks_->run(live_->parked_url(to), "DELETE FROM items;");
  } else {
    live_->empty_parked(to);
  }
  EXPECT_EQ(dump_of(from), live_dump());
  EXPECT_NE(dump_of(to), live_dump());
}

TEST_P(EngineConformance, EmptiedCopyKeepsItsSchema) {
  const ParkedName name = park();
  live_->empty_parked(name);
  EXPECT_THAT(dump_of(name), HasSubstr("no_empty"));
  EXPECT_THAT(dump_of(name), Not(HasSubstr("row 1")));
}

TEST_P(EngineConformance, ParkedUrlCanBeUsedByAnApplication) {
  const ParkedName name = park();
  if (!quirks_->has_parked_urls()) {
    const Error error = error_of([&] { static_cast<void>(live_->parked_url(name)); });
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
    EXPECT_THAT(error.hints(), Not(IsEmpty()));
    return;
  }
  quirks_->run(live_->parked_url(name), "INSERT INTO items VALUES(9000, 'temporary');");
  MemoryImage image;
  live_->open_parked(name)->write(image, no_progress());
  const ParkedName copy = new_name();
  live_->materialise(image, copy, no_progress());
  EXPECT_THAT(dump_of(copy), HasSubstr("temporary"));
  EXPECT_THAT(live_dump(), Not(HasSubstr("temporary")));
}

TEST_P(EngineConformance, DatabasesWhoseNamesLookAlikeDoNotShareCopies) {
  std::vector<DatabaseSpec> specs;
  for (const char* name : {"a/b", "a b", "a'b", "a\"b", "äöü", "aöü"}) {
    DatabaseSpec spec = spec_;
    spec.name = name;
    specs.push_back(spec);
  }
  specs.push_back(spec_);
  specs.back().name = std::string(200, 'x');
  specs.push_back(spec_);
  specs.back().name = std::string(199, 'x') + "y";
  for (const DatabaseSpec& spec : specs) {
    const auto database = open(spec);
    EXPECT_THAT(names_of(database->list_parked()), IsEmpty()) << spec.name;
    database->copy_live(new_name(), Content::all, CopyLimit::none, no_progress());
    EXPECT_EQ(database->list_parked().size(), 1U) << spec.name;
  }
}

TEST_P(EngineConformance, LiveDatabasesMayHaveAwkwardNames) {
  for (const std::string name : {"with space", "it's \"quoted\"", "größe 数据", "a%20b"}) {
    const DatabaseSpec spec = quirks_->create(dir_.path(), name);
    insert(spec, 1, 3);
    const auto database = open(spec);
    const ParkedName incoming = new_name();
    database->copy_live(incoming, Content::all, CopyLimit::none, no_progress());
    const std::string before = quirks_->dump(spec.url);
    insert(spec, 10, 3);
    const std::string after = quirks_->dump(spec.url);
    const ParkedName outgoing = new_name();
    const std::string plan = database->plan_swap(incoming, outgoing);
    static_cast<void>(database->swap(plan));
    EXPECT_EQ(quirks_->dump(spec.url), before);
    EXPECT_EQ(quirks_->dump(quirks_->readable(*database, outgoing)), after);
  }
}

TEST_P(EngineConformance, PublishMakesADatabaseElsewhere) {
  const DatabaseSpec target = quirks_->vacant(dir_.path(), "published");
  const ParkedName name = park();
  live_->publish(name, target, false);
  EXPECT_EQ(quirks_->dump(target.url), live_dump());
  EXPECT_THAT(names_of(live_->list_parked()), IsEmpty());
}

TEST_P(EngineConformance, PublishRefusesAnExistingTargetUnlessToldTo) {
  const DatabaseSpec target = quirks_->create(dir_.path(), "target");
  insert(target, 7, 1);
  const std::string before = quirks_->dump(target.url);
  const ParkedName name = park();
  EXPECT_EQ(error_of([&] { live_->publish(name, target, false); }).kind(), ErrorKind::user);
  EXPECT_EQ(quirks_->dump(target.url), before);
  live_->publish(name, target, true);
  EXPECT_EQ(quirks_->dump(target.url), live_dump());
}

TEST_P(EngineConformance, PublishRefusesATargetThatIsInUse) {
  const DatabaseSpec target = quirks_->create(dir_.path(), "target");
  const auto app = quirks_->connect(target.url);
  app->run("INSERT INTO items VALUES(1, 'theirs')");
  const ParkedName name = park();
  const Error error = error_of([&] { live_->publish(name, target, true); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(causes_of(error), HasSubstr(app->process_name()));
  EXPECT_THAT(app->run("SELECT label FROM items"), HasSubstr("theirs"));
}

TEST_P(EngineConformance, PublishRefusesLiveItself) {
  const ParkedName name = park();
  EXPECT_EQ(error_of([&] { live_->publish(name, spec_, true); }).kind(), ErrorKind::user);
}

// -- tokens -------------------------------------------------------------------

TEST_P(EngineConformance, TokenHoldsWhileNothingHappens) {
  const auto token = capture_token();
  ASSERT_TRUE(token);
  EXPECT_TRUE(live_->unchanged_since(*token));
  EXPECT_EQ(live_->probe().exists, true);
  quirks_->run(spec_.url, "SELECT count(*) FROM items;");
  EXPECT_TRUE(live_->unchanged_since(*token));
  EXPECT_TRUE(open(spec_)->unchanged_since(*token));
}

TEST_P(EngineConformance, TokenNeverHoldsAfterAChange) {
  for (const char* sql :
       {"INSERT INTO items VALUES(5000, 'new')", "DELETE FROM items WHERE id=5000",
        "UPDATE items SET label='ROW 1' WHERE id=1", "CREATE TABLE added(x INTEGER)",
        "DROP TABLE added"}) {
    const auto token = capture_token();
    ASSERT_TRUE(token) << sql;
    quirks_->run(spec_.url, std::string(sql) + ";");
    EXPECT_FALSE(live_->unchanged_since(*token)) << sql;
  }
}

TEST_P(EngineConformance, TokenNeverHoldsAfterAConnectedApplicationWrote) {
  const auto app = quirks_->connect(spec_.url);
  for (int i = 0; i < 50; ++i) {
    const auto token = capture_token();
    ASSERT_EQ(app->run("UPDATE items SET label='" + std::to_string(100 + i) + "' WHERE id=1"), "");
    EXPECT_FALSE(token && live_->unchanged_since(*token)) << i;
  }
}

TEST_P(EngineConformance, ForeignTokensProveNothing) {
  for (const char* text : {"x", "sqlite0 1 2", "sqlite1 - -", "sqlite1", "1:2:3", " "}) {
    EXPECT_FALSE(live_->unchanged_since(Token(text))) << text;
  }
}

TEST_P(EngineConformance, TokenOfAPinIsOfThePinnedState) {
  auto view = live_->pin(Content::all);
  const auto token = view->captured().token;
  ASSERT_TRUE(token);
  EXPECT_TRUE(live_->unchanged_since(*token));
  quirks_->run(spec_.url, "UPDATE items SET label='ROW 1' WHERE id=1;");
  EXPECT_FALSE(live_->unchanged_since(*token));
}

TEST_P(EngineConformance, TokenOfASwapIsOfTheNewContent) {
  const ParkedName incoming = park();
  insert(spec_, 1000, 5);
  const auto token = live_->swap(live_->plan_swap(incoming, new_name()));
  ASSERT_TRUE(token);
  EXPECT_TRUE(live_->unchanged_since(*token));
  quirks_->run(spec_.url, "UPDATE items SET label='ROW 1' WHERE id=1;");
  EXPECT_FALSE(live_->unchanged_since(*token));
}

// -- swap ---------------------------------------------------------------------

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

TEST_P(EngineConformance, FindsNothingWrongWithASoundDatabase) {
  const std::vector<Finding> findings = live_->examine();
  for (const Finding& finding : findings) {
    EXPECT_NE(finding.severity, Severity::error) << finding.error.what();
    EXPECT_FALSE(finding.error.hints().empty() && finding.error.causes().empty())
        << finding.error.what();
  }
  EXPECT_GT(live_->free_bytes().value_or(1), 0U);
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
