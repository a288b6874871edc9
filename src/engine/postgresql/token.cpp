#include "engine/postgresql/token.hpp"

#include <fmt/format.h>

#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr std::string_view version = "postgresql1";

/// One snapshot, then what may move while it is read: the log is looked at last, so that it covers
/// all that the snapshot sees.
constexpr const char* state_query = R"(
WITH state AS MATERIALIZED (
  SELECT pg_catalog.txid_current_snapshot()::text AS snapshot,
         extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text AS started),
sequences AS MATERIALIZED (
  SELECT coalesce(bool_and(pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE')), true)
           AS readable,
         coalesce(string_agg(c.oid::text || ':' || coalesce(
             CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE')
                  THEN pg_catalog.pg_sequence_last_value(c.oid) END::text, ''), ',' ORDER BY c.oid),
             '') AS text
  FROM pg_catalog.pg_class c WHERE c.relkind = 'S' AND c.relpersistence <> 't')
SELECT s.started, d.oid, s.snapshot, q.readable,
       pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(q.text, 'UTF8')), 'hex')
FROM state s, sequences q, pg_catalog.pg_database d
WHERE d.datname = pg_catalog.current_database())";

/// In a statement of its own: after all of the above has been read.
constexpr const char* flushed_query =
    "SELECT pg_catalog.pg_current_wal_flush_lsn() >= pg_catalog.pg_current_wal_insert_lsn()";

std::string text_of(const TokenState& state) {
  return fmt::format("{} {} {} {} {}", version, state.server, state.oid, state.snapshot,
                     state.sequences);
}

}  // namespace

std::optional<TokenState> read_token_state(Connection& connection) {
  const Result row = connection.query(state_query);
  if (row.rows() != 1 || !row.boolean(0, 3)) return std::nullopt;
  TokenState state;
  state.server = row.str(0, 0);
  state.oid = row.str(0, 1);
  state.snapshot = row.str(0, 2);
  state.sequences = row.str(0, 4);
  state.flushed = connection.query(flushed_query).boolean(0, 0);
  return state;
}

std::optional<Token> token_of(const TokenState& state) {
  if (!state.flushed) return std::nullopt;
  return Token(text_of(state));
}

std::optional<Token> token_of_transaction(Connection& connection) {
  const auto state = read_token_state(connection);
  return state ? token_of(*state) : std::nullopt;
}

bool proves(const Token& token, Connection& connection) {
  try {
    const auto state = read_token_state(connection);
    return state && text_of(*state) == token.str();
  } catch (const Error&) {
    return false;
  }
}

}  // namespace quemsi::postgresql_engine
