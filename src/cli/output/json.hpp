// JSON that scripts rely on: always an object, null where absent, valid UTF-8 whatever went in.
// Fields may be added, never renamed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quemsi/upkeep.hpp"
#include "quemsi/workflow.hpp"

namespace quemsi::cli {

// Each is a whole document with a line feed at its end.
std::string list_json(const std::vector<Snapshot>& snapshots);
/// One element of `list`.
std::string snapshot_json(const Snapshot& snapshot);
/// The same, with how it was found.
std::string match_json(const SnapshotMatch& match);
std::string history_json(const History& history);
std::string message_json(const MessageBlock& block);
std::string status_json(const StatusReport& report);
std::string plan_json(const RestorePlan& plan);
std::string restore_json(const RestoreResult& result);
/// None: there was nothing to take back.
std::string undo_json(const std::optional<RestoreResult>& result);
std::string elsewhere_json(const ElsewhereResult& result);
std::string delete_json(const DeleteResult& result);
std::string temporaries_json(const std::vector<TemporaryDatabase>& databases);
std::string temporary_json(const TemporaryDatabase& database);
std::string gc_json(const GcReport& report, bool dry_run);
std::string doctor_json(const std::vector<Diagnosis>& diagnoses);
std::string fsck_json(const FsckReport& report);
std::string config_json(const std::vector<ConfigSetting>& settings);

}  // namespace quemsi::cli
