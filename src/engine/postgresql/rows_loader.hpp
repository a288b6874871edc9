#pragma once

#include <vector>

#include "engine/postgresql/image_reader.hpp"
#include "engine/postgresql/session.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::postgresql_engine {

/// Loads all rows of an image into tables that exist, by all sessions at once; a large table's
/// rows go through several, unless their order counts. Throws Error(corrupt) when what arrives is
/// not what the image says.
void load_rows(const ImageReader& image, std::vector<BuildSession>& sessions, Progress& progress);

}  // namespace quemsi::postgresql_engine
