#include "workflow/exchange_json.hpp"

#include <gtest/gtest.h>

#include "workflow/snapshot_json.hpp"

namespace quemsi {
namespace {

Snapshot full_snapshot() {
  Snapshot snapshot{.id = new_snapshot_id(),
                    .kind = SnapshotKind::safety,
                    .tags = {"a \"b\"", "é\n"},
                    .description = "it's",
                    .branch = "main",
                    .branch_key = new_branch_key(),
                    .commit = CommitId("abc"),
                    .parent = new_snapshot_id(),
                    .author = "A <a@b>",
                    .created_at = Timestamp{std::chrono::milliseconds(1'700'000'000'123)}};
  Image image{.id = new_image_id(), .database = "app", .engine = "sqlite", .bytes = 12};
  image.parked = parked_name(image.id);
  image.manifest = ChunkId(ChunkId::Bytes{std::byte{7}});
  image.packs = {"x.pack"};
  snapshot.images = {image};
  return snapshot;
}

Owner full_owner() {
  Owner owner{.worktree = WorktreeId("w"),
              .branch = new_branch_key(),
              .branch_name = "main",
              .base = new_snapshot_id()};
  owner.tokens.emplace("app", Token("t"));
  owner.locations.emplace("app", "/a b");
  return owner;
}

JournalledExchange full_exchange() {
  const SwapStep step{.database = "app",
                      .incoming = ParkedName("quemsi_in"),
                      .outgoing = ParkedName("quemsi_out"),
                      .had_live = false,
                      .plan = "{\"engine\": 1}"};
  return {.exchange = {.kind = "switch",
                       .steps = {step},
                       .made = {{"app", ParkedName("quemsi_made")}},
                       .outcome = {.kept = full_snapshot(),
                                   .parked = {{new_image_id(), std::nullopt},
                                              {new_image_id(), ParkedName("quemsi_p")}},
                                   .redundant = {{"app", ParkedName("quemsi_r")}},
                                   .absorbed = {new_snapshot_id()},
                                   .tips = {{new_branch_key(), "main", new_snapshot_id()}},
                                   .owner = full_owner(),
                                   .proven = {"app"},
                                   .history = "{}"}},
          .back = {step}};
}

TEST(ExchangeJson, GivesBackWhatWasWritten) {
  const std::string text = to_json(full_exchange());
  EXPECT_EQ(to_json(parse_exchange(text, "switch")), text);
}

TEST(ExchangeJson, GivesBackNamesThatAreNotUtf8) {
  JournalledExchange exchange = full_exchange();
  ExchangeOutcome& outcome = exchange.exchange.outcome;
  for (std::string* name : {&outcome.kept->branch, &outcome.kept->author, &outcome.tips[0].branch,
                            &outcome.owner.branch_name, &outcome.owner.locations["app"]}) {
    *name = "caf\xe9";
  }
  const ExchangeOutcome read = parse_exchange(to_json(exchange), "switch").exchange.outcome;
  EXPECT_EQ(read.kept->branch, "caf\xe9");
  EXPECT_EQ(read.kept->author, "caf\xe9");
  EXPECT_EQ(read.tips[0].branch, "caf\xe9");
  EXPECT_EQ(read.owner.branch_name, "caf\xe9");
  EXPECT_EQ(read.owner.locations, outcome.owner.locations);
}

TEST(ExchangeJson, KeepsWhatDecidesARecovery) {
  const JournalledExchange written = full_exchange();
  const JournalledExchange read = parse_exchange(to_json(written), "switch");
  ASSERT_EQ(read.exchange.steps.size(), 1U);
  EXPECT_EQ(read.exchange.steps[0].plan, written.exchange.steps[0].plan);
  EXPECT_FALSE(read.exchange.steps[0].had_live);
  EXPECT_EQ(read.exchange.outcome.owner.tokens, written.exchange.outcome.owner.tokens);
  EXPECT_EQ(read.exchange.outcome.parked[1].parked, ParkedName("quemsi_p"));
  EXPECT_EQ(read.back.size(), 1U);
}

TEST(ExchangeJson, CallsEveryTruncatedTextCorrupt) {
  const std::string text = to_json(full_exchange());
  for (std::size_t length = 0; length < text.size(); length += 7) {
    try {
      static_cast<void>(parse_exchange(text.substr(0, length), "switch"));
      FAIL() << "accepted " << length << " of " << text.size() << " bytes";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::corrupt);
    }
  }
}

TEST(SnapshotJson, GivesBackWhatWasWritten) {
  const nlohmann::json json = snapshot_to_json(full_snapshot());
  EXPECT_EQ(snapshot_to_json(snapshot_from_json(json)), json);
}

TEST(SnapshotJson, CallsAnUnknownKindCorrupt) {
  nlohmann::json json = snapshot_to_json(full_snapshot());
  json["kind"] = "other";
  EXPECT_THROW(snapshot_from_json(json), Error);
}

}  // namespace
}  // namespace quemsi
