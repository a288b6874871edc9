// Exchanging live and a parked copy. All tables move in one statement, which is atomic whatever
// happens. A table with triggers cannot leave its schema, so that more steps are needed then:
//
//  0. what will be made again, and could fail to be, is tried beforehand
//  1. triggers of the incoming tables are dropped; nobody writes to those
//  2. one RENAME TABLE: live tables go to the outgoing schema, those with triggers under hidden
//     names of the live schema. From here on no application can reach any of them.
//  3. triggers of the hidden tables are dropped
//  4. one RENAME TABLE: hidden tables follow to the outgoing schema, incoming ones come to live,
//     those that have triggers under hidden names
//  5. triggers of the incoming tables are made
//  6. one RENAME TABLE: incoming tables with triggers get their names
//  7. what is no table is made, where it differs; the incoming schema is dropped
//
// Without triggers in live, 2. and 4. are one statement; without any, it is the only one.
//
// With the incoming tables a marker moves from their schema to where they are kept from then on:
// where it is tells what to do after a crash. Before, everything is undone; after, it is finished.
#pragma once

#include <optional>
#include <string>

#include "engine/mysql/parked.hpp"
#include "engine/mysql/shape.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::mysql_engine {

struct SwapPlan {
  std::string server;  ///< its identity
  std::string live;    ///< as it was meant, whatever the configuration says later
  std::string incoming;
  std::string outgoing;
  std::optional<SchemaShape> live_shape;  ///< none: there is no live schema
  SchemaObjects live_kept;                ///< what live should have, but cannot for now
  SchemaShape incoming_shape;             ///< complete, as it is to be in live
};

std::string encode(const SwapPlan& plan);
/// Throws Error(internal) for anything that encode() did not write.
SwapPlan decode_plan(const std::string& text);

/// Of a user who has the rights to: see check_rights().
SwapPlan plan_swap(const Server& server, const ParkedRegistry& registry, Connection& connection,
                   const ParkedName& incoming, const ParkedName& outgoing);
/// `expected`: what live must provably still hold; see Database::swap.
std::optional<Token> exchange(const Server& server, const ParkedRegistry& registry,
                              const SwapPlan& plan, const std::optional<Token>& expected,
                              ConnectionPolicy policy);
Settled settle(const Server& server, const ParkedRegistry& registry, const SwapPlan& plan);

[[noreturn]] void throw_changed(const std::string& schema);

/// The user-level lock that the session has that moves things.
std::string swap_lock(const SwapPlan& plan);

}  // namespace quemsi::mysql_engine
