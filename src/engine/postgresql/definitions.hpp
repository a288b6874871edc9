// What a transaction's snapshot does not cover: how types print their values, and how the server
// spells definitions for pg_dump. Both go by what is committed at that moment.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/postgresql/connection.hpp"

namespace quemsi::postgresql_engine {

/// Whether there is any that no table's lock keeps from being changed.
bool has_definitions(Connection& connection);

/// Keeps enums from being changed until the transaction ends, as far as they are the role's and
/// nobody else does. Of a composite type that would stop its readers as soon as somebody waits.
void hold_enums(Connection& transaction);

struct Definition {
  std::string name;  ///< for humans
  std::string print;
};
/// By what tells them apart for good.
using Definitions = std::map<std::string, Definition>;

/// Of all that pg_dump has the server spell.
Definitions read_definitions(Connection& connection);
/// Of the types that rows are printed by.
Definitions read_types(Connection& connection);

/// What is another one, or gone, since `then`.
std::optional<std::string> changed_definition(const Definitions& then, const Definitions& now);
/// What is another one. A type that is gone was no table's: dropping a column waits for us.
std::optional<std::string> changed_type(const Definitions& then, const Definitions& now);

}  // namespace quemsi::postgresql_engine
