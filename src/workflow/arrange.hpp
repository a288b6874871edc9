// How each database gets the content that it is to have, and what becomes of
// what it has now.
#pragma once

#include <string>
#include <vector>

#include "quemsi/workflow.hpp"
#include "workflow/branches.hpp"

namespace quemsi {

struct ExchangeRequest {
  std::string kind;  ///< switch, restore, undo
  std::string what;  ///< for undo's question: "switch from main to hotfix"
  Snapshot target;
  std::vector<std::string> databases;  ///< none: all that target and configuration share
  Content content = Content::all;
  std::optional<BranchIdentity> branch;  ///< that the live databases stand for afterwards
  /// The target is a branch's own state: if it is not sealed yet it may become
  /// live instead of being copied, and stops to be a snapshot.
  bool absorb = false;
};

struct Arranged {
  Image image;
  Means means;
  bool dirty;
  bool had_live;
  std::string target;  ///< Database::display()
};

struct Arrangement {
  std::vector<Arranged> databases;
  std::vector<std::string> left_alone;  ///< configured, not among them
  bool absorbs = false;
};

/// Looks only. Throws Error(user) when none of the snapshot's databases is configured.
Arrangement arrange(Project& project, const Owner& owner, const ExchangeRequest& request);

/// Arranges, keeps what is live, exchanges. The caller holds the operation lock.
RestoreResult exchange_to(Project& project, const Owner& owner, const ExchangeRequest& request,
                          Progress& progress);

/// For plans and results.
std::vector<RestoreStep> describe(const Arrangement& arrangement);

}  // namespace quemsi
