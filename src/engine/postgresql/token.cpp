#include "engine/postgresql/token.hpp"

#include <fmt/format.h>

#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr std::string_view token_version = "postgresql1";

constexpr const char* state_query = R"(
WITH state AS MATERIALIZED (
  SELECT pg_catalog.txid_current_snapshot()::text AS snapshot,
         extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text || '/' ||
         extract(epoch FROM b.stats_reset)::text AS run
  FROM pg_catalog.pg_stat_bgwriter b),
sequences AS MATERIALIZED (
  SELECT coalesce(bool_and(pg_catalog.has_sequence_privilege(
             c.oid, CASE c.relpersistence WHEN 'u' THEN 'SELECT' ELSE 'SELECT, USAGE' END)), true)
           AS readable,
         string_agg(pg_catalog.format('SELECT %s, last_value, is_called FROM %I.%I', c.oid,
                                      n.nspname, c.relname), ' UNION ALL ')
           FILTER (WHERE c.relpersistence = 'u') AS unlogged,
         coalesce(string_agg(c.oid::text || ':' || coalesce(
             CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE')
                  THEN pg_catalog.pg_sequence_last_value(c.oid) END::text, ''), ',' ORDER BY c.oid),
             '') AS text
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'S' AND c.relpersistence <> 't')
SELECT s.run, d.oid, s.snapshot, q.readable AND s.run IS NOT NULL,
       pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(q.text, 'UTF8')), 'hex'),
       q.unlogged
FROM state s, sequences q, pg_catalog.pg_database d
WHERE d.datname = pg_catalog.current_database())";

constexpr const char* run_query = R"(
SELECT extract(epoch FROM pg_catalog.pg_postmaster_start_time())::text || '/' ||
       extract(epoch FROM b.stats_reset)::text
FROM pg_catalog.pg_stat_bgwriter b)";

/// setval() on an unlogged sequence takes no transaction id, and where the value has not been
/// called, the server tells of it to nobody but who reads the sequence itself.
std::string unlogged_values(Connection& connection, const std::string& selections) {
  return connection
      .query("SELECT pg_catalog.md5(string_agg(v::text, ',' ORDER BY v)) FROM (" + selections +
             ") v")
      .str(0, 0);
}

}  // namespace

std::optional<TokenState> read_token_state(Connection& connection) {
  const Result row = connection.query(state_query);
  if (row.rows() != 1 || !row.boolean(0, 3)) return std::nullopt;
  TokenState state;
  state.run = row.str(0, 0);
  state.oid = row.str(0, 1);
  state.snapshot = row.str(0, 2);
  state.sequences = row.str(0, 4);
  if (!row.is_null(0, 5)) state.sequences += "/" + unlogged_values(connection, row.str(0, 5));
  return state;
}

Token token_of(const TokenState& state) {
  return Token(fmt::format("{} {} {} {} {}", token_version, state.run, state.oid, state.snapshot,
                           state.sequences));
}

std::optional<TokenState> parse_token(const Token& token) {
  const std::vector<std::string> parts = split(token.str(), ' ');
  if (parts.size() != 5 || parts[0] != token_version) return std::nullopt;
  return TokenState{parts[1], parts[2], parts[3], parts[4]};
}

std::string server_run(Connection& connection) { return connection.query(run_query).str(0, 0); }

std::optional<Token> token_of_transaction(Connection& connection) {
  const auto state = read_token_state(connection);
  return state ? std::optional(token_of(*state)) : std::nullopt;
}

bool may_prove(const Token& token, Connection& connection) {
  const auto state = parse_token(token);
  return state &&
         connection.query("SELECT pg_catalog.txid_current_snapshot()").str(0, 0) == state->snapshot;
}

bool proves(const Token& token, Connection& connection) {
  try {
    const auto state = read_token_state(connection);
    return state && token_of(*state) == token;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace quemsi::postgresql_engine
