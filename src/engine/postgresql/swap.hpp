// Exchanging live and a parked copy: both are renamed in one transaction, so nothing is ever half
// done. OIDs stay with their databases and tell afterwards who is who.
#pragma once

#include <optional>
#include <string>

#include "engine/postgresql/parked.hpp"
#include "engine/postgresql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

struct SwapPlan {
  std::string server;  ///< its identity
  std::string live;    ///< as it was meant, whatever the configuration says later
  std::string incoming;
  std::string outgoing;
  std::optional<std::string> live_oid;  ///< none: there is no live database
  std::string incoming_oid;
};

std::string encode(const SwapPlan& plan);
/// Throws Error(internal) for anything that encode() did not write.
SwapPlan decode_plan(const std::string& text);

/// `connection` is a maintenance connection.
SwapPlan plan_swap(const Server& server, const ParkedRegistry& registry, Connection& connection,
                   const ParkedName& incoming, const ParkedName& outgoing);
/// The connection that planned may do it. `expected`: what live must provably still hold; see
/// Database::swap.
std::optional<Token> exchange(const Server& server, const ParkedRegistry& registry,
                              Connection& connection, const SwapPlan& plan,
                              const std::optional<Token>& expected);
Settled settle(const Server& server, const ParkedRegistry& registry, const SwapPlan& plan);

/// What the session that renames is called, so that another process can find it.
std::string swap_application(const SwapPlan& plan);

}  // namespace quemsi::postgresql_engine
