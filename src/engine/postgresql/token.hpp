// Proof that a database holds what it held.
//
// A token is: the server's run, the database's OID, the snapshot of transactions (xmin:xmax:xip),
// and a hash of all sequences' values. Every change takes a transaction id, except nextval within
// the values that a sequence has logged ahead: so equal snapshots and equal sequences are equal
// content, and unlike a WAL position neither checkpoints nor an idle server's own records matter.
// A crash can take transactions back and give their ids out again. It cannot go unseen: a run is
// told by when the server started and when its statistics began, which a crash resets.
#pragma once

#include <optional>
#include <string>

#include "engine/postgresql/connection.hpp"
#include "quemsi/ids.hpp"

namespace quemsi::postgresql_engine {

struct TokenState {
  std::string run;        ///< of the server, without crash
  std::string oid;        ///< of the database
  std::string snapshot;   ///< xmin:xmax:xip,xip
  std::string sequences;  ///< hash of their values
};

/// Of the database that `connection` is in. None when it cannot be told, for instance where a
/// sequence may not be read.
std::optional<TokenState> read_token_state(Connection& connection);
Token token_of(const TokenState& state);
/// None for anything that this release did not write.
std::optional<TokenState> parse_token(const Token& token);
/// TokenState::run of the server.
std::string server_run(Connection& connection);

/// In a REPEATABLE READ transaction: proof for what that transaction sees. Must be called before
/// the sequences' values are read: these may move on at any time.
std::optional<Token> token_of_transaction(Connection& connection);
/// False when it surely proves nothing any more; any database of the server can tell.
bool may_prove(const Token& token, Connection& connection);
/// Never throws for what is wrong with the database: then nothing is proven.
bool proves(const Token& token, Connection& connection);

}  // namespace quemsi::postgresql_engine
