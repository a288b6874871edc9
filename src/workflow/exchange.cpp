#include "workflow/exchange.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "workflow/exchange_json.hpp"
#include "workflow/rebuild.hpp"
#include "workflow/tasks.hpp"

namespace quemsi {
namespace {

using Tokens = std::map<std::string, std::optional<Token>>;

JournalEntry journal_entry(Project& project, const WorktreeId& worktree,
                           const JournalledExchange& journalled) {
  return {.worktree = worktree,
          .kind = journalled.exchange.kind,
          .payload = to_json(journalled),
          .started_at = project.now()};
}

/// Replaces entry `old` (0: none) by what is true now; returns the new id.
std::int64_t rewrite_journal(Project& project, const WorktreeId& worktree, std::int64_t old,
                             const JournalledExchange& journalled) {
  Catalogue& catalogue = project.catalogue();
  std::int64_t id = 0;
  catalogue.transaction([&] {
    if (old != 0) catalogue.remove_journal(old);
    id = catalogue.write_journal(journal_entry(project, worktree, journalled));
  });
  return id;
}

void settle_owner(ExchangeOutcome& outcome, const std::vector<SwapStep>& steps,
                  const Tokens& tokens) {
  for (const SwapStep& step : steps) {
    outcome.owner.tokens.erase(step.database);
    const auto token = tokens.find(step.database);
    const bool believed = std::find(outcome.proven.begin(), outcome.proven.end(), step.database) !=
                          outcome.proven.end();
    if (token == tokens.end() || !token->second || !believed) continue;
    outcome.owner.tokens.emplace(step.database, *token->second);
  }
}

void add_tasks(Project& project, const ExchangeOutcome& outcome) {
  if (outcome.kept) {
    for (const Image& image : outcome.kept->images) {
      if (!image.manifest) add_task(project, task_seal, image.id.str());
    }
    add_task(project, task_record, outcome.kept->id.str());
  }
  for (const RedundantCopy& copy : outcome.redundant) {
    add_drop(project, copy.database, copy.parked);
  }
  add_task(project, task_warm, "");
}

void record_outcome(Project& project, const std::string& kind, const ExchangeOutcome& outcome) {
  Catalogue& catalogue = project.catalogue();
  if (outcome.kept) catalogue.insert_snapshot(*outcome.kept);
  for (const ParkedChange& change : outcome.parked) {
    catalogue.set_parked(change.image, change.parked);
  }
  for (const Tip& tip : outcome.tips) catalogue.set_tip(tip);
  catalogue.set_owner(outcome.owner);
  for (const SnapshotId& id : outcome.absorbed) catalogue.remove_snapshot(id);
  if (outcome.history.empty()) return;
  catalogue.add_history({.worktree = outcome.owner.worktree,
                         .kind = kind,
                         .payload = outcome.history,
                         .finished_at = project.now()});
}

void apply(Project& project, std::int64_t entry, Exchange exchange, const Tokens& tokens) {
  settle_owner(exchange.outcome, exchange.steps, tokens);
  Catalogue& catalogue = project.catalogue();
  catalogue.transaction([&] {
    record_outcome(project, exchange.kind, exchange.outcome);
    add_tasks(project, exchange.outcome);
    catalogue.remove_journal(entry);
  });
}

SwapStep reversed(const SwapStep& step) {
  return {.database = step.database, .incoming = step.outgoing, .outgoing = step.incoming};
}

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

/// Swaps back what `journalled.back` lists, each under a journal entry that knows
/// its plan; then forgets the whole.
void go_back(Project& project, WorktreeDatabases& databases, std::int64_t entry,
             JournalledExchange journalled) {
  for (std::size_t i = 0; i < journalled.back.size(); ++i) {
    SwapStep& step = journalled.back[i];
    Database& database = databases.get(step.database);
    if (!step.plan.empty() && database.settle(step.plan) == Settled::done) continue;
    if (is_stranded(databases, step)) {
      keep_stranded(project, databases, step);
      continue;
    }
    step.plan = database.plan_swap(step.incoming, step.outgoing);
    entry = rewrite_journal(project, databases.worktree(), entry, journalled);
    static_cast<void>(database.swap(step.plan));
  }
  Catalogue& catalogue = project.catalogue();
  catalogue.transaction([&] {
    for (const RedundantCopy& copy : journalled.exchange.made) {
      add_drop(project, copy.database, copy.parked);
    }
    add_missing_tasks(project);
    catalogue.remove_journal(entry);
  });
}

/// The way back for the first `count` steps and any later one that is done.
std::vector<SwapStep> steps_back(WorktreeDatabases& databases, const std::vector<SwapStep>& steps) {
  std::vector<SwapStep> back;
  for (const SwapStep& step : steps) {
    const bool done = databases.get(step.database).settle(step.plan) == Settled::done;
    if (done && step.had_live) back.insert(back.begin(), reversed(step));
  }
  return back;
}

void take_back(Project& project, std::int64_t entry, const Exchange& exchange,
               std::size_t attempted) {
  const std::vector<SwapStep> tried(
      exchange.steps.begin(), exchange.steps.begin() + static_cast<std::ptrdiff_t>(attempted));
  WorktreeDatabases ours(project);
  JournalledExchange journalled{exchange, steps_back(ours, tried)};
  entry = rewrite_journal(project, ours.worktree(), entry, journalled);
  go_back(project, ours, entry, std::move(journalled));
}

Error stopped_by(const Error& reason, const std::string& database) {
  Error error(reason.kind(), fmt::format("database '{}' could not be exchanged", database));
  error.cause(reason.what());
  for (const std::string& cause : reason.causes()) error.cause(cause);
  for (const std::string& hint : reason.hints()) error.hint(hint);
  return error;
}

[[noreturn]] void fail_whole(Project& project, std::int64_t entry, const Exchange& exchange,
                             std::size_t at, const Error& reason) {
  Error error = stopped_by(reason, exchange.steps[at].database);
  try {
    take_back(project, entry, exchange, at + 1);
  } catch (const Error& second) {
    error.cause(fmt::format("taking back what was done so far: {}", second.what()));
    error.hint("the next git-quemsi command tries again to take it back; nothing is lost");
    throw error;
  }
  error.cause("every database is as it was before");
  throw error;
}

void plan_steps(Project& project, Exchange& exchange) {
  for (SwapStep& step : exchange.steps) {
    try {
      step.plan = project.database(step.database).plan_swap(step.incoming, step.outgoing);
    } catch (const Error& reason) {
      throw stopped_by(reason, step.database);
    }
  }
}

}  // namespace

void carry_out(Project& project, Exchange exchange, std::int64_t copies) {
  plan_steps(project, exchange);
  const std::int64_t entry =
      rewrite_journal(project, project.repository().worktree(), copies, {exchange, {}});
  Tokens tokens;
  for (std::size_t i = 0; i < exchange.steps.size(); ++i) {
    const SwapStep& step = exchange.steps[i];
    try {
      tokens[step.database] = project.database(step.database).swap(step.plan, step.expected);
    } catch (const Error& reason) {
      fail_whole(project, entry, exchange, i, reason);
    }
  }
  apply(project, entry, std::move(exchange), tokens);
}

std::string recover(Project& project, WorktreeDatabases& databases, const JournalEntry& entry) {
  JournalledExchange journalled = parse_exchange(entry.payload, entry.kind);
  if (journalled.back.empty()) {
    const std::vector<SwapStep>& steps = journalled.exchange.steps;
    const bool all_done = std::all_of(steps.begin(), steps.end(), [&](const SwapStep& step) {
      return databases.get(step.database).settle(step.plan) == Settled::done;
    });
    if (all_done) {
      apply(project, entry.id, std::move(journalled.exchange), {});
      return fmt::format("finished an interrupted {}", entry.kind);
    }
    journalled.back = steps_back(databases, steps);
  }
  go_back(project, databases, entry.id, std::move(journalled));
  return fmt::format("took back an interrupted {}", entry.kind);
}

}  // namespace quemsi
