// What a restore can do without where the role may not set it: what a superuser has said of things
// that are his own. Nothing of the content is lost with it.
#pragma once

#include <string>

#include "engine/postgresql/connection.hpp"
#include "engine/postgresql/script.hpp"

namespace quemsi::postgresql_engine {

/// Comments on what may belong to an administrator, that the schema `public` belongs to one, and
/// the privileges that others have set for objects that they make later.
bool is_dispensable(const ScriptItem& item);

/// What the database has in any case, as PL/pgSQL its comment, is not missing.
bool holds_already(Connection& connection, const ScriptItem& item);

/// A line for the user: what was left out, and who may set it.
std::string left_out(const ScriptItem& item);

}  // namespace quemsi::postgresql_engine
