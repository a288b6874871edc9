#include "workflow/abandoned.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "workflow/copies.hpp"
#include "workflow/exchange.hpp"
#include "workflow/exchange_json.hpp"
#include "workflow/worktree_databases.hpp"

namespace quemsi {
namespace {

bool makes_copies(const JournalEntry& entry) {
  return entry.kind == journal_copies || entry.kind == journal_worker_copies;
}

UnfinishedOperation describe(Project& project, const JournalEntry& entry) {
  return {.worktree = entry.worktree,
          .what = makes_copies(entry) ? "command" : entry.kind,
          .removed = !project.repository().has_worktree(entry.worktree),
          .problem = {}};
}

/// What is exchanged must be the removed worktree's, and nobody else's by now.
void check_steps(Project& project, const Owner& owner, const JournalEntry& entry) {
  for (const SwapStep& step : parse_exchange(entry.payload, entry.kind).exchange.steps) {
    const auto location = owner.locations.find(step.database);
    if (location == owner.locations.end()) {
      throw Error(ErrorKind::config,
                  fmt::format("where database '{}' was is not known", step.database));
    }
    if (is_in_use_elsewhere(project, owner, location->second)) {
      throw Error(ErrorKind::config,
                  fmt::format("another worktree has database '{}' now", step.database));
    }
  }
}

void settle(Project& project, const JournalEntry& entry) {
  const Owner owner =
      project.catalogue().owner(entry.worktree).value_or(Owner{.worktree = entry.worktree});
  WorktreeDatabases databases(project, owner);
  if (!makes_copies(entry)) check_steps(project, owner, entry);
  const std::string done = makes_copies(entry) ? recover_copies(project, databases, entry)
                                               : recover(project, databases, entry);
  project.notice(fmt::format("{} in the removed worktree '{}'", done, entry.worktree.str()));
}

/// Why it could not be; none when it was.
std::optional<std::string> try_to_settle(Project& project, const JournalEntry& entry) try {
  settle(project, entry);
  return std::nullopt;
} catch (const Error& error) {
  std::string problem = error.what();
  for (const std::string& cause : error.causes()) problem += "; " + cause;
  return problem;
}

}  // namespace

std::vector<UnfinishedOperation> unfinished_operations(Project& project) {
  std::vector<UnfinishedOperation> left;
  for (const JournalEntry& entry : project.catalogue().journal()) {
    // What the worker makes copies of, it reads from images that are listed.
    if (entry.kind != journal_worker_copies) left.push_back(describe(project, entry));
  }
  return left;
}

std::vector<UnfinishedOperation> settle_abandoned(Project& project) {
  std::map<std::string, std::string> problems;
  for (const JournalEntry& entry : project.catalogue().journal()) {
    if (project.repository().has_worktree(entry.worktree)) continue;
    if (auto problem = try_to_settle(project, entry)) {
      problems.emplace(entry.worktree.str(), std::move(*problem));
    }
  }
  std::vector<UnfinishedOperation> left = unfinished_operations(project);
  for (UnfinishedOperation& operation : left) {
    const auto found = problems.find(operation.worktree.str());
    if (found != problems.end()) operation.problem = found->second;
  }
  return left;
}

}  // namespace quemsi
