// Whether anybody has changed what a database consists of.
#pragma once

#include <string>

#include "engine/postgresql/connection.hpp"

namespace quemsi::postgresql_engine {

/// A fingerprint of every definition in the database that `connection` is in, as committed: equal
/// ones mean that no object was made, changed or dropped in between. Rows do not count, nor do
/// temporary objects.
std::string catalog_print(Connection& connection);

}  // namespace quemsi::postgresql_engine
