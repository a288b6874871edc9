// Large objects as rows: object, offset, bytes.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/common/tally.hpp"
#include "engine/postgresql/connection.hpp"

namespace quemsi::postgresql_engine {

/// The contents of all that there are; the section is the caller's to finish.
void write_large_objects(Connection& connection, TallySink& sink);

/// What write_large_objects() would write.
Tally tally_large_objects(Connection& connection);

/// Puts `rows`, any number of whole ones, into objects; those that do not exist are made.
void load_large_objects(Connection& connection, std::span<const std::byte> rows);

}  // namespace quemsi::postgresql_engine
