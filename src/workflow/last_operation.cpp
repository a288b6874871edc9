#include "workflow/last_operation.hpp"

#include <nlohmann/json.hpp>

#include "util/json_bytes.hpp"

namespace quemsi {

std::string to_payload(const LastOperation& operation) {
  return wrap_bytes({{"what", operation.what},
                     {"target", operation.before.str()},
                     {"databases", operation.databases}})
      .dump();
}

std::optional<LastOperation> last_operation(Project& project) {
  return last_operation(project, project.repository().worktree());
}

std::optional<LastOperation> last_operation(Project& project, const WorktreeId& worktree) {
  const std::optional<HistoryEntry> entry = project.catalogue().last_history(worktree);
  if (!entry) return std::nullopt;
  try {
    const nlohmann::json payload = unwrap_bytes(nlohmann::json::parse(entry->payload));
    return LastOperation{.what = payload.at("what").get<std::string>(),
                         .before = SnapshotId(payload.at("target").get<std::string>()),
                         .databases = payload.at("databases").get<std::vector<std::string>>()};
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::corrupt, "the history of operations cannot be read")
        .cause(error.what())
        .hint("git quemsi fsck --repair    rebuilds the catalogue from the packs");
  }
}

}  // namespace quemsi
