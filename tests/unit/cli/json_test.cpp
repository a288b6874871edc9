#include "cli/output/json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "unit/cli/sample.hpp"
#include "util/clock.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

using Json = nlohmann::json;
using test::sample_snapshot;
using test::sample_step;

TEST(Json, ListHasExactlyTheDocumentedFields) {
  const Json expected = Json::parse(R"({"snapshots":[{
    "id":"klmnopqrstuvwxyz","tags":["baseline"],"description":"First customers","kind":"manual",
    "branch":"main","commit":"0123456789abcdef0123456789abcdef01234567","parent":null,
    "author":"Ada <ada@example.org>","created_at":"2026-03-01T12:34:56.000Z",
    "databases":[{"name":"app","engine":"sqlite","bytes":12582912,"stored_bytes":1048576,
                  "parked":false,"sealed":true,"content":"all"}]}]})");
  EXPECT_EQ(Json::parse(list_json({sample_snapshot()})), expected);
}

TEST(Json, AnEmptyListIsStillAnObject) {
  EXPECT_EQ(Json::parse(list_json({})), Json::parse(R"({"snapshots":[]})"));
}

TEST(Json, ASnapshotIsAnElementOfTheList) {
  const Json list = Json::parse(list_json({sample_snapshot()}));
  EXPECT_EQ(Json::parse(snapshot_json(sample_snapshot())), list["snapshots"][0]);
}

TEST(Json, WhatIsAbsentIsNull) {
  Snapshot snapshot = sample_snapshot();
  snapshot.branch.clear();
  snapshot.commit.reset();
  snapshot.parent = SnapshotId("zzzz");
  const Json json = Json::parse(snapshot_json(snapshot));
  EXPECT_TRUE(json["branch"].is_null());
  EXPECT_TRUE(json["commit"].is_null());
  EXPECT_EQ(json["parent"], "zzzz");
}

TEST(Json, BrokenTextNeverBreaksTheDocument) {
  Snapshot snapshot = sample_snapshot();
  snapshot.description = "caf\xe9 \"quoted\"\n\x01";
  snapshot.tags = {"\xff"};
  const std::string text = snapshot_json(snapshot);
  EXPECT_TRUE(is_valid_utf8(text));
  EXPECT_EQ(Json::parse(text)["description"], "caf\xef\xbf\xbd \"quoted\"\n\x01");
}

TEST(Json, StatusHasTheDocumentedFields) {
  StatusReport report;
  report.branch = "main";
  report.base = sample_snapshot();
  report.dirty = true;
  report.trusted = true;
  report.databases = {{.name = "app", .engine = "sqlite", .reachable = true, .dirty = true}};
  report.background = {{.id = 7, .kind = "seal", .subject = "zzzz"}};
  report.warnings = {"beware"};
  const Json json = Json::parse(status_json(report));
  EXPECT_EQ(json["branch"], "main");
  EXPECT_EQ(json["base"], "klmnopqrstuvwxyz");
  EXPECT_EQ(json["dirty"], true);
  EXPECT_EQ(json["databases"][0]["name"], "app");
  EXPECT_EQ(json["databases"][0]["engine"], "sqlite");
  EXPECT_EQ(json["databases"][0]["reachable"], true);
  EXPECT_EQ(json["databases"][0]["dirty"], true);
  EXPECT_EQ(json["background"][0]["kind"], "seal");
  EXPECT_EQ(json["background"][0]["state"], "waiting");
  EXPECT_EQ(json["warnings"], Json::array({"beware"}));
}

TEST(Json, AnEmptyStatusHasNullsAndEmptyArrays) {
  const Json json = Json::parse(status_json({}));
  EXPECT_TRUE(json["branch"].is_null());
  EXPECT_TRUE(json["base"].is_null());
  EXPECT_EQ(json["background"], Json::array());
  EXPECT_EQ(json["warnings"], Json::array());
  EXPECT_EQ(json["databases"], Json::array());
}

TEST(Json, RestoreNamesWhatIsLiveAndWhatWasKept) {
  const RestoreResult result{.snapshot = sample_snapshot(), .steps = {sample_step()}};
  const Json json = Json::parse(restore_json(result));
  EXPECT_EQ(json["snapshot"]["id"], "klmnopqrstuvwxyz");
  EXPECT_TRUE(json["kept"].is_null());
  EXPECT_EQ(json["databases"][0]["means"], "swap");
  EXPECT_EQ(json["databases"][0]["target"], "sqlite:db/app.sqlite3");
}

TEST(Json, NothingToUndoIsANullSnapshot) {
  EXPECT_TRUE(Json::parse(undo_json(std::nullopt))["snapshot"].is_null());
}

TEST(Json, DoctorTellsEachFinding) {
  const Json json = Json::parse(doctor_json({{.subject = "git", .severity = {}, .what = "fine"},
                                             {"hooks", Severity::error, "gone", {"c"}, {"r"}}}));
  EXPECT_EQ(json["ok"], false);
  EXPECT_EQ(json["findings"][0]["severity"], "ok");
  EXPECT_EQ(json["findings"][1]["severity"], "error");
  EXPECT_EQ(json["findings"][1]["causes"], Json::array({"c"}));
  EXPECT_EQ(json["findings"][1]["remedies"], Json::array({"r"}));
}

TEST(Json, GcNamesWhatWent) {
  GcReport report{.snapshots = {sample_snapshot()},
                  .branches = {{BranchKey("k"), "side", SnapshotId("zzzz")}}};
  report.worktrees = {{.worktree = WorktreeId("w"),
                       .databases = {{"app", "sqlite:/w/app.db", Fate::left, "in use", true}},
                       .kept = sample_snapshot()}};
  report.freed_bytes = 7;
  report.waiting = {{GoneKind::worktree, "w", test::sample_time}};
  report.unfinished = {{WorktreeId("v"), "switch", true, ""}};
  const Json json = Json::parse(gc_json(report, true));
  EXPECT_EQ(json["dry_run"], true);
  EXPECT_EQ(json["snapshots"][0]["id"], "klmnopqrstuvwxyz");
  EXPECT_EQ(json["branches"][0]["name"], "side");
  EXPECT_EQ(json["worktrees"][0], Json({{"name", "w"},
                                        {"databases",
                                         {{{"name", "app"},
                                           {"location", "sqlite:/w/app.db"},
                                           {"fate", "left"},
                                           {"problem", "in use"},
                                           {"again", true}}}},
                                        {"snapshot", "klmnopqrstuvwxyz"}}));
  EXPECT_EQ(json["temporaries"], Json::array());
  EXPECT_EQ(
      json["unfinished"][0],
      Json({{"worktree", "v"}, {"operation", "switch"}, {"removed", true}, {"problem", nullptr}}));
  EXPECT_EQ(json["waiting"][0],
            Json({{"kind", "worktree"}, {"name", "w"}, {"until", format_iso(test::sample_time)}}));
  EXPECT_EQ(json["freed_bytes"], 7);
}

TEST(Json, FsckIsOkOnlyWhenNothingIsLost) {
  FsckReport report{.snapshots = 3, .packs = 2, .findings = {}};
  EXPECT_EQ(Json::parse(fsck_json(report))["ok"], true);
  report.findings.push_back({"pack x", true, {}});
  EXPECT_EQ(Json::parse(fsck_json(report))["ok"], true);
  report.findings.push_back({"pack y", true, {SnapshotId("kkkk")}});
  const Json json = Json::parse(fsck_json(report));
  EXPECT_EQ(json["ok"], false);
  EXPECT_EQ(json["findings"][1]["lost"], Json::array({"kkkk"}));
}

TEST(Json, ConfigSaysWhereAValueComesFromAndWhatItWonOver) {
  ConfigSetting setting{"warm", "3", {ConfigLayer::flag, "", 0}, {}};
  setting.overrides = {{ConfigLayer::repository, ".quemsi.yml", 4}};
  const Json json = Json::parse(config_json({setting}))["settings"][0];
  EXPECT_EQ(json["key"], "warm");
  EXPECT_TRUE(json["origin"]["file"].is_null());
  EXPECT_EQ(json["overrides"][0]["line"], 4);
}

TEST(Json, TemporariesAreListedByTheirFields) {
  const TemporaryDatabase database{ImageId("kkkk"), "app", SnapshotId("llll"), "sqlite:x",
                                   test::sample_time};
  const Json json = Json::parse(temporaries_json({database}))["temporaries"][0];
  EXPECT_EQ(json, Json::parse(temporary_json(database)));
  EXPECT_EQ(json["snapshot"], "llll");
}

TEST(Json, EveryDocumentEndsWithALineFeed) {
  EXPECT_EQ(list_json({}).back(), '\n');
  EXPECT_EQ(status_json({}).back(), '\n');
}

}  // namespace
}  // namespace quemsi::cli
