// Putting an image into a database that exists.
#pragma once

#include "engine/postgresql/image_reader.hpp"
#include "engine/postgresql/in_place/live_hold.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::postgresql_engine {

/// Into a database that clear_database() has cleared, in the same transaction; the database's own
/// settings, privileges and comment as well. Returns what could not be carried over, for humans.
std::vector<std::string> restore_into(LiveHold& hold, const ImageReader& image, Progress& progress);

}  // namespace quemsi::postgresql_engine
