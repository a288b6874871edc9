// Exchanging live's content for a parked file's without any other schema.
//
// A server that could roll this back there is none. So in order, each durable before the next:
//
//  1. nobody writes any more: live's tables are locked, read, and the outgoing file is there
//  2. stage `dropping`: while the tables are locked, what is no table goes, then they do
//  3. stage `building`: the incoming tables are made in the live schema under hidden names, locked,
//     filled and compared with the image
//  4. stage `revealing`: the tables get their names, what is no table is made; the incoming file
//  goes
//
// The stage is a small file beside the outgoing one: with it, names tell what each table is. What
// stands in live under a name that is not hidden while stages 3 and 4 last, somebody else has made:
// it is kept as a further parked copy, `stray`, before it goes.
//
// Before stage 3, and when the incoming content cannot be built, live comes back from the outgoing
// file: by stages 3 and 4, with the two files exchanged.
#pragma once

#include <optional>
#include <string>

#include "engine/common/image_folder.hpp"
#include "engine/mysql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::mysql_engine {

struct InPlacePlan {
  std::string server;  ///< its identity
  std::string live;    ///< as it was meant, whatever the configuration says later
  std::string incoming;
  std::string outgoing;
  std::string stray;           ///< for what somebody makes meanwhile
  bool keeps_outgoing = true;  ///< false: there was nothing to keep, or nobody wants it
};

std::string encode(const InPlacePlan& plan);
/// None for a plan of the other kind. Throws Error(internal) for anything that encode() did not
/// write.
std::optional<InPlacePlan> decode_in_place_plan(const std::string& text);

/// Throws Error(engine) when `incoming` is neither a file nor `elsewhere`, a schema of ours.
InPlacePlan plan_in_place(const Server& server, const ImageFolder& folder, Connection& connection,
                          const ParkedName& incoming, const ParkedName& outgoing, bool elsewhere);
/// Throws Error(unsupported) for what this server could not be given, Error(engine) for what this
/// user could not give it.
void check_can_be_built(const Server& server, Connection& connection, const ImageSource& image);

/// The user-level lock that the session has that exchanges.
std::string swap_lock(const InPlacePlan& plan);

}  // namespace quemsi::mysql_engine
