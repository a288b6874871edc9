// Taking a live database away: only what is provably known, and never from under somebody.
#include "engine/conformance.hpp"

namespace quemsi::test {

using testing::HasSubstr;
using testing::IsEmpty;

Token EngineRemoval::token_of_live() { return live_->pin(Content::all)->captured().token.value(); }

void EngineRemoval::expect_refused(const Token& token) {
  const std::string before = live_dump();
  const Error error = error_of([&] { drop(token); });
  EXPECT_EQ(error.kind(), ErrorKind::busy) << error.what();
  EXPECT_EQ(live_dump(), before);
  EXPECT_THAT(live_->list_parked(), IsEmpty());
}

TEST_P(EngineRemoval, LeavesNothing) {
  drop(token_of_live());
  EXPECT_FALSE(live_->probe().exists);
  EXPECT_THAT(live_->list_parked(), IsEmpty());
}

TEST_P(EngineRemoval, OfWhatIsNotThereIsNoError) {
  const Token token = token_of_live();
  drop(token);
  EXPECT_NO_THROW(drop(token));
}

TEST_P(EngineRemoval, IsRefusedAfterAWrite) {
  const Token token = token_of_live();
  insert(spec_, 5000, 1);
  expect_refused(token);
  EXPECT_THAT(live_dump(), HasSubstr("5000"));
}

TEST_P(EngineRemoval, IsRefusedWhileSomebodyWrites) {
  const Token token = token_of_live();
  const auto app = quirks_->connect(spec_.url);
  ASSERT_EQ(app->run(quirks_->begin_writing()), "");
  ASSERT_EQ(app->run("INSERT INTO items VALUES(5000, 'meanwhile')"), "");
  EXPECT_EQ(error_of([&] { drop(token); }).kind(), ErrorKind::busy);
  ASSERT_EQ(app->run("COMMIT"), "");
  EXPECT_THAT(live_dump(), HasSubstr("meanwhile"));
}

TEST_P(EngineRemoval, ClosesNobodysConnection) {
  const auto app = quirks_->connect(spec_.url);
  EXPECT_EQ(app->run("SELECT count(*) FROM items"), "100\n");
  const Token token = token_of_live();
  EXPECT_EQ(error_of([&] { drop(token); }).kind(), ErrorKind::busy);
  EXPECT_EQ(app->run("SELECT count(*) FROM items"), "100\n");
}

TEST_P(EngineRemoval, AnotherDatabaseOfTheSameServerStays) {
  const DatabaseSpec other = quirks_->create(dir_.path(), "other");
  insert(other, 1, 3);
  const std::string before = quirks_->dump(other.url);
  drop(token_of_live());
  EXPECT_EQ(quirks_->dump(other.url), before);
}

}  // namespace quemsi::test
