// Exchanging live's content for a parked file's without any other database: what live holds is read
// into a file, then everything is dropped and built anew, in one transaction. So nothing is ever
// half done, and the transaction's id tells afterwards how far it came.
//
// In order, each durable before the next:
//   nobody writes any more; live is read (Pin); the outgoing file, which knows the transaction;
//   drop, build, commit; the incoming file goes.
#pragma once

#include <optional>
#include <string>

#include "engine/common/image_folder.hpp"
#include "engine/postgresql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

/// In the outgoing file: the transaction that takes its content out of live.
inline constexpr const char* transaction_note = "transaction";

struct InPlacePlan {
  std::string server;  ///< its identity
  std::string live;    ///< as it was meant, whatever the configuration says later
  std::string incoming;
  std::string outgoing;
};

std::string encode(const InPlacePlan& plan);
/// None for a plan of the other kind. Throws Error(internal) for anything that encode() did not
/// write.
std::optional<InPlacePlan> decode_in_place_plan(const std::string& text);

/// Throws Error(engine) when `incoming` is neither a file nor `elsewhere`, a database of ours.
InPlacePlan plan_in_place(const Server& server, const ImageFolder& folder,
                          const ParkedName& incoming, const ParkedName& outgoing, bool elsewhere);
/// `incoming` is a file. See Database::swap.
std::optional<Token> exchange_in_place(const Server& server, const ImageFolder& folder,
                                       const InPlacePlan& plan,
                                       const std::optional<Token>& expected);
/// See Database::settle. `elsewhere`: `incoming` is a database of ours as well.
Settled settle_in_place(const Server& server, const ImageFolder& folder, const InPlacePlan& plan,
                        bool elsewhere);

/// What the transaction's session is called, so that another process can find it.
std::string swap_application(const InPlacePlan& plan);

}  // namespace quemsi::postgresql_engine
