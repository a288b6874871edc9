#include "cli/completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace quemsi::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(Completion, StartsWithTheVerbs) {
  const Completion found = complete({""});
  EXPECT_THAT(found.words, Contains("restore"));
  EXPECT_THAT(found.words, Contains("temp"));
  EXPECT_THAT(found.words, Not(Contains("temp list")));
}

TEST(Completion, KnowsTheSecondWordOfAVerb) {
  EXPECT_THAT(complete({"temp", ""}).words, ElementsAre("drop", "list"));
  EXPECT_THAT(complete({"backup", "cr"}).words, ElementsAre("create", "delete", "list", "restore"));
}

TEST(Completion, OffersTheOptionsOfTheVerb) {
  EXPECT_THAT(complete({"restore", "-"}).words, Contains("--dry-run"));
  EXPECT_THAT(complete({"restore", "x", "--"}).words, Contains("--yes"));
}

TEST(Completion, KnowsWhatAnArgumentStandsFor) {
  EXPECT_EQ(complete({"restore", ""}).values, Completes::snapshot);
  EXPECT_EQ(complete({"tag", ""}).values, Completes::snapshot);
  EXPECT_EQ(complete({"tag", "x", ""}).values, Completes::nothing);
  EXPECT_EQ(complete({"restore", "--yes", ""}).values, Completes::snapshot);
  EXPECT_EQ(complete({"restore", "x", ""}).values, Completes::nothing);
}

TEST(Completion, KnowsWhatAnOptionWants) {
  EXPECT_EQ(complete({"list", "--kind", ""}).values, Completes::kind);
  EXPECT_EQ(complete({"list", "--branch", ""}).values, Completes::branch);
  EXPECT_EQ(complete({"snapshot", "-m", ""}).values, Completes::nothing);
  EXPECT_EQ(complete({"restore", "--database", "a", ""}).values, Completes::snapshot);
}

TEST(Completion, PassesSettingsBeforeTheVerbBy) {
  EXPECT_EQ(complete({"--config", "warm=1", "show", ""}).values, Completes::snapshot);
}

TEST(Completion, HasNothingToSayToNonsense) {
  EXPECT_THAT(complete({"frobnicate", ""}).words, IsEmpty());
  EXPECT_THAT(complete({}).words, IsEmpty());
}

}  // namespace
}  // namespace quemsi::cli
