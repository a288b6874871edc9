#pragma once

#include <filesystem>

#include "quemsi/image.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::sqlite_engine {

/// Builds the database file `to`, which must not exist, from an image; checks and
/// syncs it. Throws Error(corrupt) for a bad image, Error(unsupported) for one
/// that a newer release wrote. What it leaves on failure is the caller's.
void read_image(const ImageSource& image, const std::filesystem::path& to, Progress& progress);

}  // namespace quemsi::sqlite_engine
