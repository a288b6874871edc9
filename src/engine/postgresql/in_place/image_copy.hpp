// Images on their way into files.
#pragma once

#include "quemsi/image.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::postgresql_engine {

/// Compares every byte with what the image says of itself. Throws Error(corrupt),
/// Error(unsupported).
void copy_verified(const ImageSource& image, ImageSink& sink, Progress& progress);

/// The schema alone, as if it had been captured without rows.
void copy_emptied(const ImageSource& image, ImageSink& sink);

}  // namespace quemsi::postgresql_engine
