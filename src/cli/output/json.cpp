#include "cli/output/json.hpp"

#include <nlohmann/json.hpp>

#include "cli/output/doctor_text.hpp"
#include "cli/output/fsck_text.hpp"
#include "util/clock.hpp"

namespace quemsi::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string document(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

template <class Id>
Json or_null(const std::optional<Id>& id) {
  return id ? Json(id->str()) : Json();
}

Json to_json(const Image& image) {
  return {{"name", image.database},
          {"engine", image.engine},
          {"bytes", image.bytes},
          {"stored_bytes", image.stored_bytes},
          {"parked", image.parked.has_value()},
          {"sealed", image.manifest.has_value()},
          {"content", image.content == Content::all ? "all" : "schema"}};
}

Json to_json(const Snapshot& snapshot) {
  Json databases = Json::array();
  for (const Image& image : snapshot.images) databases.push_back(to_json(image));
  return {{"id", snapshot.id.str()},
          {"tags", snapshot.tags},
          {"description", snapshot.description},
          {"kind", to_string(snapshot.kind)},
          {"branch", or_null(snapshot.branch)},
          {"commit", or_null(snapshot.commit)},
          {"parent", or_null(snapshot.parent)},
          {"author", or_null(snapshot.author)},
          {"created_at", format_iso(snapshot.created_at)},
          {"databases", std::move(databases)}};
}

Json to_json(const RestoreStep& step) {
  return {{"name", step.database},
          {"target", step.target},
          {"means", to_string(step.means)},
          {"bytes", step.bytes},
          {"dirty", step.dirty}};
}

Json to_json(const Task& task) {
  return {{"id", task.id},
          {"kind", task.kind},
          {"subject", task.subject},
          {"state", to_string(task.state)},
          {"attempts", task.attempts},
          {"error", or_null(task.error)},
          {"created_at", format_iso(task.created_at)}};
}

Json to_json(const DatabaseStatus& database) {
  return {{"name", database.name},
          {"engine", database.engine},
          {"reachable", database.reachable},
          {"exists", database.exists},
          {"dirty", database.dirty},
          {"display", database.display},
          {"problem", or_null(database.problem)}};
}

Json to_json(const TemporaryDatabase& database) {
  return {{"id", database.id.str()},
          {"database", database.database},
          {"snapshot", database.snapshot.str()},
          {"url", database.url},
          {"created_at", format_iso(database.created_at)}};
}

Json to_json(const Tip& tip) { return {{"name", tip.branch}, {"snapshot", tip.snapshot.str()}}; }

Json to_json(const RetiredDatabase& database) {
  return {{"name", database.name},
          {"location", database.location},
          {"fate", to_string(database.fate)},
          {"problem", or_null(database.problem)},
          {"again", database.again}};
}

Json to_json(const WaitingForGrace& item) {
  return {{"kind", item.kind == GoneKind::worktree ? "worktree" : "branch"},
          {"name", item.name},
          {"until", format_iso(item.until)}};
}

Json to_json(const UnfinishedOperation& operation) {
  return {{"worktree", operation.worktree.str()},
          {"operation", operation.what},
          {"removed", operation.removed},
          {"problem", or_null(operation.problem)}};
}

Json to_json(const RetiredWorktree& worktree) {
  Json databases = Json::array();
  for (const RetiredDatabase& database : worktree.databases) {
    databases.push_back(to_json(database));
  }
  return {{"name", worktree.worktree.str()},
          {"databases", std::move(databases)},
          {"snapshot", worktree.kept ? Json(worktree.kept->id.str()) : Json()}};
}

Json to_json(const FsckFinding& finding) {
  Json lost = Json::array();
  for (const SnapshotId& id : finding.lost) lost.push_back(id.str());
  return {{"what", finding.what}, {"repaired", finding.repaired}, {"lost", std::move(lost)}};
}

Json to_json(const Diagnosis& diagnosis) {
  return {{"subject", diagnosis.subject},
          {"severity", diagnosis.severity ? to_string(*diagnosis.severity) : "ok"},
          {"what", diagnosis.what},
          {"causes", diagnosis.causes},
          {"remedies", diagnosis.remedies}};
}

Json to_json(const ConfigOrigin& origin) {
  return {{"layer", to_string(origin.layer)},
          {"file", or_null(origin.file)},
          {"line", origin.line > 0 ? Json(origin.line) : Json()}};
}

Json to_json(const ConfigSetting& setting) {
  Json overrides = Json::array();
  for (const ConfigOrigin& loser : setting.overrides) overrides.push_back(to_json(loser));
  return {{"key", setting.key},
          {"value", setting.value},
          {"origin", to_json(setting.origin)},
          {"overrides", std::move(overrides)}};
}

template <class Items>
Json array_of(const Items& items) {
  Json array = Json::array();
  for (const auto& item : items) array.push_back(to_json(item));
  return array;
}

Json to_json(const SnapshotMatch& match) {
  return {{"by", to_string(match.by)},
          {"commit", or_null(match.commit)},
          {"steps", match.commit ? Json(match.steps) : Json()}};
}

Json to_json(const HistoryLine& line) {
  return {{"commit", line.commit ? Json(line.commit->str()) : Json()},
          {"live", line.live},
          {"snapshots", array_of(line.snapshots)}};
}

Json to_json(const RestoreResult& result) {
  return {{"snapshot", to_json(result.snapshot)},
          {"found", result.match ? to_json(*result.match) : Json()},
          {"kept", result.kept ? to_json(*result.kept) : Json()},
          {"databases", array_of(result.steps)}};
}

}  // namespace

std::string list_json(const std::vector<Snapshot>& snapshots) {
  return document({{"snapshots", array_of(snapshots)}});
}

std::string snapshot_json(const Snapshot& snapshot) { return document(to_json(snapshot)); }

std::string match_json(const SnapshotMatch& match) {
  Json json = to_json(match.snapshot);
  json["found"] = to_json(match);
  return document(json);
}

std::string history_json(const History& history) {
  Json commits = Json::array();
  for (const HistoryLine& line : history.lines) {
    if (line.commit) commits.push_back(to_json(line));
  }
  return document({{"commits", std::move(commits)}, {"base", or_null(history.base)}});
}

std::string message_json(const MessageBlock& block) {
  return document({{"branch", or_null(block.branch)},
                   {"baseline", block.baseline ? to_json(*block.baseline) : Json()},
                   {"progress", array_of(block.progress)},
                   {"current", block.current ? to_json(*block.current) : Json()},
                   {"dirty", block.dirty},
                   {"trailers", block.trailers}});
}

std::string status_json(const StatusReport& report) {
  Json warnings = Json::array();
  for (const std::string& warning : report.warnings) warnings.push_back(warning);
  return document({{"branch", or_null(report.branch)},
                   {"base", report.base ? Json(report.base->id.str()) : Json()},
                   {"dirty", report.dirty},
                   {"databases", array_of(report.databases)},
                   {"background", array_of(report.background)},
                   {"warnings", std::move(warnings)},
                   {"owner_branch", or_null(report.owner_branch)},
                   {"trusted", report.trusted},
                   {"hooks_installed", report.hooks_installed}});
}

std::string plan_json(const RestorePlan& plan) {
  return document({{"snapshot", to_json(plan.snapshot)},
                   {"found", to_json(plan.match)},
                   {"dry_run", true},
                   {"databases", array_of(plan.steps)}});
}

std::string restore_json(const RestoreResult& result) { return document(to_json(result)); }

std::string undo_json(const std::optional<RestoreResult>& result) {
  if (result) return restore_json(*result);
  return document({{"snapshot", Json()}, {"kept", Json()}, {"databases", Json::array()}});
}

std::string elsewhere_json(const ElsewhereResult& result) {
  return document({{"snapshot", to_json(result.snapshot)},
                   {"database", result.database},
                   {"url", result.url},
                   {"temporary", or_null(result.temporary)}});
}

std::string delete_json(const DeleteResult& result) {
  return document({{"snapshot", to_json(result.snapshot)}, {"freed_bytes", result.freed_bytes}});
}

std::string temporaries_json(const std::vector<TemporaryDatabase>& databases) {
  return document({{"temporaries", array_of(databases)}});
}

std::string temporary_json(const TemporaryDatabase& database) {
  return document(to_json(database));
}

std::string gc_json(const GcReport& report, bool dry_run) {
  return document({{"dry_run", dry_run},
                   {"snapshots", array_of(report.snapshots)},
                   {"branches", array_of(report.branches)},
                   {"worktrees", array_of(report.worktrees)},
                   {"temporaries", array_of(report.temporaries)},
                   {"waiting", array_of(report.waiting)},
                   {"unfinished", array_of(report.unfinished)},
                   {"packs", report.packs},
                   {"freed_bytes", report.freed_bytes},
                   {"complete", report.complete}});
}

std::string doctor_json(const std::vector<Diagnosis>& diagnoses) {
  return document({{"ok", is_well(diagnoses)}, {"findings", array_of(diagnoses)}});
}

std::string fsck_json(const FsckReport& report) {
  return document({{"ok", is_sound(report)},
                   {"snapshots", report.snapshots},
                   {"packs", report.packs},
                   {"findings", array_of(report.findings)}});
}

std::string config_json(const std::vector<ConfigSetting>& settings) {
  return document({{"settings", array_of(settings)}});
}

}  // namespace quemsi::cli
