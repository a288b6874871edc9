// Exchanging live and a parked copy. Two ways: by renaming, when the kernel
// proves that nobody has live open; through SQLite's backup API otherwise, so
// that connections that are open follow.
#pragma once

#include <chrono>
#include <optional>

#include "engine/sqlite/parked.hpp"
#include "engine/sqlite/swap_plan.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::sqlite_engine {

SwapPlan plan_swap(const std::filesystem::path& live, const ParkedFolder& parked,
                   const ParkedName& incoming, const ParkedName& outgoing,
                   std::chrono::milliseconds busy_timeout);
/// `expected`: what live must provably still hold; see Database::swap.
std::optional<Token> swap(const SwapPlan& plan, const std::optional<Token>& expected,
                          std::chrono::milliseconds busy_timeout);
Settled settle(const SwapPlan& plan, std::chrono::milliseconds busy_timeout);

/// What renaming came to: nothing changed unless `done`.
struct LeaseSwap {
  bool done = false;
  std::optional<Token> token;
};
LeaseSwap swap_by_lease(const SwapPlan& plan, const std::optional<Token>& expected,
                        std::chrono::milliseconds busy_timeout);

std::optional<Token> swap_by_backup(const SwapPlan& plan, const std::optional<Token>& expected,
                                    std::chrono::milliseconds busy_timeout);

[[noreturn]] void throw_changed(const std::filesystem::path& live);

}  // namespace quemsi::sqlite_engine
