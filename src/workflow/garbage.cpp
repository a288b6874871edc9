#include "workflow/garbage.hpp"

#include <algorithm>
#include <set>

#include "workflow/last_operation.hpp"
#include "workflow/links.hpp"
#include "workflow/live.hpp"
#include "workflow/retention.hpp"

namespace quemsi {
namespace {

std::set<std::string> present_branches(Project& project) {
  std::set<std::string> keys;
  for (const auto& [name, key] : project.repository().branch_keys().by_branch) {
    if (project.repository().branch_exists(name)) keys.insert(key.str());
  }
  // A branch without a commit yet is there as long as somebody is on it.
  for (const Owner& owner : project.catalogue().owners()) {
    if (owner.branch) keys.insert(owner.branch->str());
  }
  return keys;
}

void note(Project& project, GoneKind kind, const std::string& subject, bool present) {
  if (present) {
    project.catalogue().forget_gone(kind, subject);
  } else {
    project.catalogue().note_gone(kind, subject, project.now());
  }
}

/// How long what is gone stays.
class Grace {
 public:
  Grace(Project& project, GoneKind kind)
      : project_(project), gone_(project.catalogue().gone(kind)) {}

  [[nodiscard]] bool is_over(const std::string& subject) const {
    const auto found = gone_.find(subject);
    return found != gone_.end() &&
           is_past(found->second, project_.config().retention.grace, project_.now());
  }
  [[nodiscard]] Timestamp end(const std::string& subject) const {
    const auto found = gone_.find(subject);
    const Timestamp since = found == gone_.end() ? project_.now() : found->second;
    return since + std::chrono::days(project_.config().retention.grace);
  }

 private:
  Project& project_;
  std::map<std::string, Timestamp> gone_;
};

bool is_removed(Project& project, const Owner& owner) {
  return !project.repository().has_worktree(owner.worktree);
}

std::vector<Tip> deleted_branches(Project& project) {
  std::vector<Tip> tips = project.catalogue().tips();
  const Grace grace(project, GoneKind::branch);
  std::erase_if(tips, [&](const Tip& tip) { return !grace.is_over(tip.key.str()); });
  return tips;
}

std::vector<TemporaryDatabase> old_temporaries(Project& project) {
  const std::uint64_t days = project.config().retention.temporary;
  std::vector<TemporaryDatabase> found = project.catalogue().temporaries();
  const std::vector<std::string> names = database_names(project);
  std::erase_if(found, [&](const TemporaryDatabase& item) {
    const bool reachable = std::ranges::find(names, item.database) != names.end();
    return days == 0 || !reachable || !is_past(item.created_at, days, project.now());
  });
  return found;
}

template <class Item>
bool is_among(const std::vector<Item>& items, const auto& key, auto Item::*member) {
  return std::ranges::any_of(items, [&](const Item& item) { return item.*member == key; });
}

std::set<SnapshotId> needed_snapshots(Project& project, const Garbage& garbage,
                                      const std::vector<Owner>& going) {
  Catalogue& catalogue = project.catalogue();
  std::set<SnapshotId> needed;
  for (const Tip& tip : catalogue.tips()) {
    if (!is_among(garbage.tips, tip.key, &Tip::key)) needed.insert(tip.snapshot);
  }
  for (const Owner& owner : catalogue.owners()) {
    if (is_among(going, owner.worktree, &Owner::worktree)) continue;
    if (owner.base) needed.insert(*owner.base);
    if (const auto last = last_operation(project, owner.worktree)) needed.insert(last->before);
  }
  for (const auto& [commit, lines] : project.repository().notes()) {
    for (const SnapshotId& id : linked_ids(lines)) needed.insert(id);
  }
  for (const TemporaryDatabase& item : catalogue.temporaries()) {
    if (!is_among(garbage.temporaries, item.id, &TemporaryDatabase::id))
      needed.insert(item.snapshot);
  }
  return needed;
}

}  // namespace

void note_what_is_gone(Project& project) {
  Catalogue& catalogue = project.catalogue();
  const std::set<std::string> branches = present_branches(project);
  catalogue.transaction([&] {
    for (const Tip& tip : catalogue.tips()) {
      note(project, GoneKind::branch, tip.key.str(), branches.contains(tip.key.str()));
    }
    for (const Owner& owner : catalogue.owners()) {
      note(project, GoneKind::worktree, owner.worktree.str(), !is_removed(project, owner));
    }
  });
}

std::vector<Owner> removed_worktrees(Project& project) {
  std::vector<Owner> owners = project.catalogue().owners();
  const Grace grace(project, GoneKind::worktree);
  std::erase_if(owners, [&](const Owner& owner) { return !grace.is_over(owner.worktree.str()); });
  return owners;
}

std::vector<WaitingForGrace> waiting_for_grace(Project& project) {
  std::vector<WaitingForGrace> waiting;
  const std::set<std::string> branches = present_branches(project);
  const Grace of_branches(project, GoneKind::branch);
  for (const Tip& tip : project.catalogue().tips()) {
    const std::string& key = tip.key.str();
    if (branches.contains(key) || of_branches.is_over(key)) continue;
    waiting.push_back({GoneKind::branch, tip.branch, of_branches.end(key)});
  }
  const Grace of_worktrees(project, GoneKind::worktree);
  for (const Owner& owner : project.catalogue().owners()) {
    const std::string& name = owner.worktree.str();
    const bool had_databases = !owner.locations.empty();
    if (!had_databases || !is_removed(project, owner) || of_worktrees.is_over(name)) continue;
    waiting.push_back({GoneKind::worktree, name, of_worktrees.end(name)});
  }
  return waiting;
}

Garbage find_garbage(Project& project, const std::vector<Owner>& going) {
  Garbage garbage{
      .snapshots = {}, .tips = deleted_branches(project), .temporaries = old_temporaries(project)};
  garbage.snapshots =
      beyond_retention(project.catalogue().snapshots(), project.config().retention, project.now());
  const std::set<SnapshotId> needed = needed_snapshots(project, garbage, going);
  std::erase_if(garbage.snapshots,
                [&](const Snapshot& snapshot) { return needed.contains(snapshot.id); });
  return garbage;
}

}  // namespace quemsi
