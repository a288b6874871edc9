// What makes a database's large objects, as SQL: empty ones, with owners, comments, labels,
// privileges.
//
// pg_dump has it among what comes before the rows up to version 16. Since 17 it belongs to the rows
// (pg_dump.c, dumpLOs), where it is not to be had without them.
#pragma once

#include "engine/postgresql/connection.hpp"
#include "engine/postgresql/script.hpp"

namespace quemsi::postgresql_engine {

/// Appends them, in the order of their numbers, unless `script` makes large objects. Privileges
/// come behind the rows: an owner may have none on what is his.
void add_large_objects(Connection& connection, SplitScript& script);

}  // namespace quemsi::postgresql_engine
