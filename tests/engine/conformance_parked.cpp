// Parked copies, and proofs that nothing has changed.
#include "engine/conformance.hpp"

#include "engine/memory_image.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

}  // namespace

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

}  // namespace quemsi::test
