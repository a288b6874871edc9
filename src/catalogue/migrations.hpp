// The catalogue's schema, from the first version on.
#pragma once

#include "sqlite/connection.hpp"

namespace quemsi {

/// Brings the file to this release's version, a transaction a migration. Writes
/// nothing when it is there already. Throws Error(unsupported) for a newer file,
/// Error(corrupt) for one that is not ours.
void migrate(sqlite::Connection& connection);

}  // namespace quemsi
