#include "engine/sqlite/swap.hpp"

#include "engine/sqlite/opening.hpp"
#include "engine/sqlite/publish.hpp"
#include "engine/sqlite/token.hpp"
#include "quemsi/error.hpp"

namespace quemsi::sqlite_engine {
namespace {

void check_plan(const SwapPlan& plan) {
  if (identity_of(plan.live) != plan.live_identity ||
      identity_of(plan.incoming) != plan.incoming_identity || identity_of(plan.outgoing)) {
    throw Error(ErrorKind::busy, plan.live.string() + " was replaced in the meantime")
        .hint("run the command again");
  }
}

/// There is no live database: nobody can have it open, nothing has to be kept.
std::optional<Token> move_in(const SwapPlan& plan) {
  move_database(plan.incoming, plan.live, no_progress());
  const auto state = settled_state_of(plan.live);
  if (!state || !state->settled) return std::nullopt;
  return token_of({.state = state->text, .hash = {}});
}

}  // namespace

SwapPlan plan_swap(const std::filesystem::path& live, const ParkedFolder& parked,
                   const ParkedName& incoming, const ParkedName& outgoing,
                   std::chrono::milliseconds busy_timeout) {
  SwapPlan plan;
  plan.live = live;
  plan.incoming = parked.get(incoming);
  plan.outgoing = parked.place(outgoing);
  plan.incoming_identity = identity_of(plan.incoming).value();
  plan.live_identity = identity_of(live);
  // Says who is in the way.
  if (plan.live_identity) open_database(live, busy_timeout);
  return plan;
}

void throw_changed(const std::filesystem::path& live) {
  throw Error(ErrorKind::busy, live.string() + " was written to in the meantime")
      .hint("run the command again");
}

std::optional<Token> swap(const SwapPlan& plan, const std::optional<Token>& expected,
                          std::chrono::milliseconds busy_timeout) {
  check_plan(plan);
  fold_sidecars(plan.incoming, busy_timeout);
  if (!plan.live_identity) return move_in(plan);
  make_folder(plan.outgoing.parent_path());
  const LeaseSwap result = swap_by_lease(plan, expected, busy_timeout);
  return result.done ? result.token : swap_by_backup(plan, expected, busy_timeout);
}

}  // namespace quemsi::sqlite_engine
