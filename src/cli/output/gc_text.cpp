#include "cli/output/gc_text.hpp"

#include <fmt/format.h>

#include "cli/display_text.hpp"
#include "cli/output/snapshot_text.hpp"
#include "util/clock.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

std::string fate_text(const RetiredDatabase& database, bool dry_run) {
  const std::string what =
      fmt::format("database {}: {}", printable(database.name), printable(database.location));
  switch (database.fate) {
    case Fate::gone:
      return fmt::format("  {} is gone\n", what);
    case Fate::dropped:
      return fmt::format("  {} {}\n", what, dry_run ? "would be dropped" : "was dropped");
    case Fate::left:
      break;
  }
  return fmt::format("  {} stays{}: {}\n", what, database.again ? " for now" : "",
                     printable(database.problem));
}

std::string worktree_text(const RetiredWorktree& worktree, bool dry_run) {
  std::string text = "worktree " + printable(worktree.worktree.str()) + " was removed\n";
  for (const RetiredDatabase& database : worktree.databases) {
    text += fate_text(database, dry_run);
  }
  if (worktree.kept) text += "  what it held is snapshot " + label(*worktree.kept) + "\n";
  return text;
}

std::string waiting_text(const WaitingForGrace& item) {
  const bool worktree = item.kind == GoneKind::worktree;
  return fmt::format("{} {}: what it had stays until {}\n",
                     worktree ? "removed worktree" : "deleted branch", printable(item.name),
                     format_iso(item.until));
}

std::string next_step(const UnfinishedOperation& operation) {
  if (!operation.removed) return "the next git-quemsi command there finishes it, or takes it back";
  if (operation.problem.empty()) return "git quemsi gc finishes it, or takes it back";
  return "it cannot be finished now: " + printable(operation.problem);
}

std::string unfinished_text(const std::vector<UnfinishedOperation>& operations) {
  std::string text;
  for (const UnfinishedOperation& operation : operations) {
    text += fmt::format("unfinished {} in the {}worktree {}: {}\n", printable(operation.what),
                        operation.removed ? "removed " : "", printable(operation.worktree.str()),
                        next_step(operation));
  }
  return text.empty() ? text : text + "until then no snapshot is removed\n";
}

std::string sum_text(const GcReport& report, bool dry_run) {
  if (report.freed_bytes == 0) return "nothing to free in the store\n";
  return fmt::format("{} {} in the store\n", human_bytes(report.freed_bytes),
                     dry_run ? "would be freed" : "freed");
}

}  // namespace

std::string gc_text(const GcReport& report, bool dry_run, Timestamp now) {
  const char* verb = dry_run ? "would remove" : "removed";
  std::string text;
  for (const Snapshot& snapshot : report.snapshots) {
    text += fmt::format("{} {} {} of {}, {}\n", verb, to_string(snapshot.kind), label(snapshot),
                        snapshot.branch.empty() ? "no branch" : printable(snapshot.branch),
                        format_age(snapshot.created_at, now));
  }
  for (const Tip& tip : report.branches) {
    text += "branch " + printable(tip.branch) + " was deleted: its state is kept no longer\n";
  }
  for (const RetiredWorktree& worktree : report.worktrees) {
    text += worktree_text(worktree, dry_run);
  }
  for (const TemporaryDatabase& item : report.temporaries) {
    text += fmt::format("{} temporary database {}\n", verb, printable(item.url));
  }
  for (const WaitingForGrace& item : report.waiting) text += waiting_text(item);
  text += unfinished_text(report.unfinished);
  text += sum_text(report, dry_run);
  if (!report.complete) text += "hint: the store is in use; git quemsi gc later frees the rest\n";
  return text;
}

}  // namespace quemsi::cli
