// Proof that a database holds what it held.
//
// A token is: server, its start, database OID, the snapshot of transactions (xmin:xmax:xip), and
// a hash of all sequences' values. Every change takes a transaction id, except nextval within the
// values that a sequence has logged ahead: so equal snapshots and equal sequences are equal
// content, and unlike a WAL position neither checkpoints nor an idle server's own records matter.
// A crash could give ids out again; it cannot once the log up to here is flushed, which a token
// requires. A restart ends every proof.
#pragma once

#include <optional>
#include <string>

#include "engine/postgresql/connection.hpp"
#include "quemsi/ids.hpp"

namespace quemsi::postgresql_engine {

struct TokenState {
  std::string server;     ///< which, and since when it runs
  std::string oid;        ///< of the database
  std::string snapshot;   ///< xmin:xmax:xip,xip
  std::string sequences;  ///< hash of their values
  bool flushed = false;   ///< a crash cannot take back what the snapshot sees
};

/// Of the database that `connection` is in. None when it cannot be told, for instance where a
/// sequence may not be read.
std::optional<TokenState> read_token_state(Connection& connection);
/// None unless it will still prove something after a crash.
std::optional<Token> token_of(const TokenState& state);

/// In a REPEATABLE READ transaction: proof for what that transaction sees. Must be called before
/// the sequences' values are read: these may move on at any time.
std::optional<Token> token_of_transaction(Connection& connection);
/// Never throws for what is wrong with the database: then nothing is proven.
bool proves(const Token& token, Connection& connection);

}  // namespace quemsi::postgresql_engine
