// What `doctor` finds, part by part.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "quemsi/upkeep.hpp"

namespace quemsi {

class Checkup {
 public:
  void good(const std::string& subject, const std::string& what);
  /// Its hints are the remedies.
  void found(const std::string& subject, Severity severity, const Error& error);
  /// What `look` throws is found, too.
  void look_at(const std::string& subject, const std::function<void()>& look);

  [[nodiscard]] std::vector<Diagnosis> diagnoses() && { return std::move(diagnoses_); }

 private:
  std::vector<Diagnosis> diagnoses_;
};

/// git itself, the hooks that it would run, and who else has hooks.
void check_git(Project& project, Checkup& checkup);
/// The configuration is there and trusted, the databases are this worktree's and stand for HEAD.
void check_setup(Project& project, Checkup& checkup);
/// Each database that is configured.
void check_databases(Project& project, Checkup& checkup);
/// Snapshots that exist in one copy, work that failed or was interrupted, space.
void check_keeping(Project& project, Checkup& checkup);

}  // namespace quemsi
