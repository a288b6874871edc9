#include "workflow/branches.hpp"

#include <algorithm>

namespace quemsi {
namespace {

/// A key shared with another branch was copied by `git branch -c`; the original
/// is the branch that the tip was last seen under.
bool is_copied(Catalogue& catalogue, const BranchKeys& keys, const std::string& name,
               const BranchKey& key) {
  const auto sharing = std::count_if(keys.by_branch.begin(), keys.by_branch.end(),
                                     [&](const auto& entry) { return entry.second == key; });
  if (sharing < 2) return false;
  const std::optional<Tip> tip = catalogue.tip(key);
  return !tip || tip->branch != name;
}

BranchIdentity give_key(Project& project, const std::string& name) {
  BranchIdentity branch{name, new_branch_key()};
  project.repository().set_branch_key(name, branch.key);
  return branch;
}

/// A copy starts at the state of what it was copied from. If that is the live
/// branch, its state is live and is inherited like any new branch's.
void copy_tip(Project& project, const BranchKey& from, const BranchIdentity& to) {
  Catalogue& catalogue = project.catalogue();
  const std::optional<Owner> owner = catalogue.owner(project.repository().worktree());
  const std::optional<Tip> tip = catalogue.tip(from);
  if (!tip || (owner && owner->branch == from)) return;
  catalogue.set_tip({to.key, to.name, tip->snapshot});
}

}  // namespace

std::string head_branch_name(Project& project) {
  return project.repository().head().branch.value_or("");
}

std::string present_name(Project& project, const Owner& owner) {
  if (!owner.branch) return {};
  const BranchKeys keys = project.repository().branch_keys();
  const auto same = keys.by_branch.find(owner.branch_name);
  if (same != keys.by_branch.end() && same->second == owner.branch) return owner.branch_name;
  const auto renamed =
      std::find_if(keys.by_branch.begin(), keys.by_branch.end(),
                   [&](const auto& entry) { return entry.second == owner.branch; });
  return renamed == keys.by_branch.end() ? owner.branch_name : renamed->first;
}

std::optional<BranchIdentity> known_branch(Project& project) {
  const std::string name = head_branch_name(project);
  if (name.empty()) return std::nullopt;
  const BranchKeys keys = project.repository().branch_keys();
  const auto found = keys.by_branch.find(name);
  if (found == keys.by_branch.end()) return std::nullopt;
  if (is_copied(project.catalogue(), keys, name, found->second)) return std::nullopt;
  return BranchIdentity{name, found->second};
}

std::optional<BranchIdentity> current_branch(Project& project) {
  const std::string name = head_branch_name(project);
  if (name.empty()) return std::nullopt;
  const BranchKeys keys = project.repository().branch_keys();
  const auto found = keys.by_branch.find(name);
  if (found == keys.by_branch.end()) return give_key(project, name);
  if (!is_copied(project.catalogue(), keys, name, found->second)) {
    return BranchIdentity{name, found->second};
  }
  BranchIdentity branch = give_key(project, name);
  copy_tip(project, found->second, branch);
  return branch;
}

}  // namespace quemsi
