// Proof that a schema holds what it held.
//
// A token is: the server's run, a position of InnoDB's, and a hash of what InnoDB does not keep:
// views, routines, events, triggers, the schema's own facts, and the sequences' values. It is given
// only where every table is InnoDB's.
//
// The position is the next transaction id, of the whole server. Every change takes one when it
// begins and one when it commits, DDL included, and unlike the log's end it stands still when purge
// tidies up. MariaDB shows it to
// everybody, MySQL to users with the privilege PROCESS: others have no proofs there. A crash can
// take back what was not yet on the disk and give ids out again: that is why the run is told apart.
//
// A transaction has its second id a moment before it can be seen. So a snapshot has proof only when
// no statement of anybody else was under way as it was taken. On MySQL one that has only inserted
// gets no second id (trx0trx.cc, trx_write_serialisation_history): there, no transaction that has
// an id may be open, either.
#pragma once

#include <optional>
#include <string>

#include "engine/mysql/shape.hpp"
#include "quemsi/ids.hpp"

namespace quemsi::mysql_engine {

/// Where the server stands.
struct Position {
  std::string text;       ///< equal: nothing has been committed in between
  bool is_quiet = false;  ///< nothing was under way that could end without another id
  bool operator==(const Position& other) const { return text == other.text; }
};

/// MySQL takes an id whenever it opens a table that it does not have open: once this is done, to
/// read moves the position no more. Waits a second at most for tables that are locked, then throws
/// Error(busy).
void open_tables(Connection& connection, const std::string& schema,
                 const std::vector<TableEntry>& tables);

/// None where the server does not tell.
std::optional<Position> read_position(Connection& connection);

/// None for a schema that has tables of other engines, and where the server does not tell.
std::optional<Token> token_of(Connection& connection, const Position& position,
                              const std::string& schema, const SchemaShape& shape);
/// Never throws for what is wrong with the schema: then nothing is proven.
bool proves(const Token& token, Connection& connection, const std::string& schema);
/// The same, when `shape` has just been read of it.
bool proves(const Token& token, Connection& connection, const std::string& schema,
            const SchemaShape& shape);
/// Of tables, triggers and all else, whatever they say. Who runs objects, and whether events do,
/// differs between a live schema and its parked copy.
bool has_same_names(const SchemaShape& a, const SchemaShape& b);
/// The position of a token; empty for anything that this release did not write.
std::string position_of(const Token& token);

}  // namespace quemsi::mysql_engine
