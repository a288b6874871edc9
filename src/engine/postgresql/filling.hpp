// From an image to the content of a database that is empty.
#pragma once

#include <string>
#include <vector>

#include "engine/postgresql/image_reader.hpp"
#include "engine/postgresql/session.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::postgresql_engine {

std::uint64_t rows_bytes(const ImageReader& image);

/// Runs the scripts and loads what belongs between them, by all sessions at once; a single session
/// may be in a transaction, which then holds all of it. Throws Error(corrupt) when what arrives is
/// not what the image says. Adds to `lost` what the role may not set and was left out.
void fill(const ImageReader& image, const Script& pre_data, const Script& post_data,
          std::vector<BuildSession>& sessions, Progress& progress, std::vector<std::string>& lost);

}  // namespace quemsi::postgresql_engine
