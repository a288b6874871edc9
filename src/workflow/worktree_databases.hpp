// The databases of one worktree: of this one, or what a removed one left behind.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "quemsi/workflow.hpp"

namespace quemsi {

class WorktreeDatabases {
 public:
  /// This worktree's, as its configuration names them.
  explicit WorktreeDatabases(Project& project);
  /// Of a worktree that was removed: where its record says that they are.
  WorktreeDatabases(Project& project, Owner removed);

  [[nodiscard]] const WorktreeId& worktree() const { return owner_.worktree; }
  [[nodiscard]] bool are_left_behind() const { return left_behind_; }
  /// Throws Error(user) or Error(config) for one that is not known.
  Database& get(const std::string& name);

 private:
  Project& project_;
  Owner owner_;
  bool left_behind_;
  std::map<std::string, std::unique_ptr<Database>> opened_;
};

/// By the configuration, which knows the user and the password; else by where it was. Without a
/// `location`, by the configuration alone. Throws Error(config) when nothing says where it is.
std::unique_ptr<Database> open_left_behind(Project& project, const Owner& removed,
                                           const std::string& name);

/// Whether a worktree that exists has taken up what is there.
bool is_in_use_elsewhere(Project& project, const Owner& removed, const std::string& location);

}  // namespace quemsi
