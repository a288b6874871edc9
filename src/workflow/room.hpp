// Refusing what a full disk would stop half-way.
#pragma once

#include <cstdint>
#include <string>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// Throws Error(io) when a copy of a database, of so many bytes, finds no room where its parked
/// copies are. Goes through where nobody can tell.
void require_room(Project& project, const std::string& database, std::uint64_t bytes);

/// The same for the store, with so many bytes yet to be compressed.
void require_room_in_store(Project& project, std::uint64_t bytes);

}  // namespace quemsi
