#include "workflow/way_back.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "workflow/rebuild.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {
namespace {

/// A removed worktree's database that went with its folder: nothing is left to change places with.
bool is_stranded(WorktreeDatabases& databases, const SwapStep& back) {
  return databases.are_left_behind() && !databases.get(back.database).probe().exists;
}

/// What came out of it may be all that there is of it; what went in is gone with it.
void keep_stranded(Project& project, WorktreeDatabases& databases, const SwapStep& back) {
  for (const Image& image : project.catalogue().parked_images(back.database)) {
    const bool gone = image.parked == back.outgoing && image.manifest;
    if (gone) project.catalogue().set_parked(image.id, std::nullopt);
  }
  for (const ParkedInfo& info : databases.get(back.database).list_parked()) {
    if (info.name != back.incoming || is_known_copy(project, back.database, info.name)) continue;
    adopt_copy(project, back.database, info,
               fmt::format("what the worktree '{}' had in '{}' before an interrupted command",
                           databases.worktree().str(), back.database));
  }
}

/// Takes an exchange back, and keeps what applications may have written before that.
class WayBack {
 public:
  WayBack(Project& project, WorktreeDatabases& databases, std::int64_t entry,
          JournalledExchange journalled)
      : project_(project),
        databases_(databases),
        entry_(entry),
        journalled_(std::move(journalled)) {}

  /// Each step under a journal entry that knows its plan; then forgets the whole.
  void go() {
    for (SwapStep& step : journalled_.back) {
      if (!step.plan.empty() && database(step).settle(step.plan) == Settled::done) {
        keep(step);
      } else if (is_stranded(databases_, step)) {
        keep_stranded(project_, databases_, step);
      } else if (!swap(step)) {
        keep(step);
      }
    }
    project_.catalogue().transaction([&] { enter(); });
    for (const Snapshot& snapshot : kept_) {
      project_.notice(fmt::format("{} is kept as {}", snapshot.description, snapshot.id.str()));
    }
  }

 private:
  Database& database(const SwapStep& step) { return databases_.get(step.database); }

  /// True when what came out is proven to be what went in.
  bool swap(SwapStep& step) {
    step.plan = database(step).plan_swap(step.incoming, step.outgoing);
    entry_ = rewrite_journal(project_, databases_.worktree(), entry_, journalled_);
    if (!step.expected) {
      static_cast<void>(database(step).swap(step.plan));
      return false;
    }
    try {
      static_cast<void>(database(step).swap(step.plan, step.expected));
      return true;
    } catch (const Error&) {
      if (database(step).settle(step.plan) == Settled::done) return false;
    }
    step.expected.reset();
    return swap(step);
  }

  /// A sealed image does without the copy; one that is not sealed has no other.
  void keep(const SwapStep& step) {
    for (const Image& image : project_.catalogue().parked_images(step.database)) {
      if (image.parked != step.outgoing) continue;
      if (!image.manifest) return;
      spent_.push_back(image.id);
    }
    for (const ParkedInfo& info : database(step).list_parked()) {
      if (info.name != step.outgoing) continue;
      kept_.push_back(
          snapshot_of_copy(project_, step.database, info, SnapshotKind::safety,
                           fmt::format("what '{}' had between an interrupted {} and its end",
                                       step.database, journalled_.exchange.kind)));
    }
  }

  [[nodiscard]] bool is_kept(const ParkedName& copy) const {
    return std::ranges::any_of(
        kept_, [&](const Snapshot& snapshot) { return snapshot.images.front().parked == copy; });
  }

  void enter() {
    Catalogue& catalogue = project_.catalogue();
    for (const ImageId& image : spent_) catalogue.set_parked(image, std::nullopt);
    for (const Snapshot& snapshot : kept_) {
      catalogue.insert_snapshot(snapshot);
      add_task(project_, task_record, snapshot.id.str());
    }
    for (const RedundantCopy& copy : journalled_.exchange.made) {
      if (!is_kept(copy.parked)) add_drop(project_, copy.database, copy.parked);
    }
    add_missing_tasks(project_);
    catalogue.remove_journal(entry_);
  }

  Project& project_;
  WorktreeDatabases& databases_;
  std::int64_t entry_;
  JournalledExchange journalled_;
  std::vector<ImageId> spent_;  ///< their copies have become snapshots of their own
  std::vector<Snapshot> kept_;
};

}  // namespace

void go_back(Project& project, WorktreeDatabases& databases, std::int64_t entry,
             JournalledExchange journalled) {
  WayBack(project, databases, entry, std::move(journalled)).go();
}

}  // namespace quemsi
