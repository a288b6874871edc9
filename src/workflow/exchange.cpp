#include "workflow/exchange.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "workflow/exchange_json.hpp"
#include "workflow/tasks.hpp"
#include "workflow/way_back.hpp"

namespace quemsi {
namespace {

using Tokens = std::map<std::string, std::optional<Token>>;

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

/// The way back for every step that is done. `tokens`: of what went in.
std::vector<SwapStep> steps_back(WorktreeDatabases& databases, const std::vector<SwapStep>& steps,
                                 const Tokens& tokens) {
  std::vector<SwapStep> back;
  for (const SwapStep& step : steps) {
    const bool done = databases.get(step.database).settle(step.plan) == Settled::done;
    if (!done || !step.had_live) continue;
    SwapStep reverse = reversed(step);
    const auto token = tokens.find(step.database);
    if (token != tokens.end()) reverse.expected = token->second;
    back.insert(back.begin(), std::move(reverse));
  }
  return back;
}

void take_back(Project& project, std::int64_t entry, const Exchange& exchange,
               std::size_t attempted, const Tokens& tokens) {
  const std::vector<SwapStep> tried(
      exchange.steps.begin(), exchange.steps.begin() + static_cast<std::ptrdiff_t>(attempted));
  WorktreeDatabases ours(project);
  JournalledExchange journalled{exchange, steps_back(ours, tried, tokens)};
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

/// What was made where nothing was stays.
std::string how_it_is_now(const Exchange& exchange, std::size_t at) {
  std::string line = "every database is as it was before";
  for (std::size_t i = 0; i < at; ++i) {
    const SwapStep& step = exchange.steps[i];
    if (!step.had_live) line += fmt::format(", but '{}', which did not exist, does", step.database);
  }
  return line;
}

[[noreturn]] void fail_whole(Project& project, std::int64_t entry, const Exchange& exchange,
                             std::size_t at, const Error& reason, const Tokens& tokens) {
  Error error = stopped_by(reason, exchange.steps[at].database);
  try {
    take_back(project, entry, exchange, at + 1, tokens);
  } catch (const Error& second) {
    error.cause(fmt::format("taking back what was done so far: {}", second.what()));
    error.hint("the next git-quemsi command tries again to take it back; nothing is lost");
    throw error;
  }
  error.cause(how_it_is_now(exchange, at));
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
      fail_whole(project, entry, exchange, i, reason, tokens);
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
    journalled.back = steps_back(databases, steps, {});
  }
  go_back(project, databases, entry.id, std::move(journalled));
  return fmt::format("took back an interrupted {}", entry.kind);
}

}  // namespace quemsi
