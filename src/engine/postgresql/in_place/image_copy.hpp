// Images on their way into files and out of them.
#pragma once

#include <memory>

#include "engine/postgresql/in_place/image_file.hpp"
#include "quemsi/engine.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::postgresql_engine {

/// Compares every byte with what the image says of itself. Throws Error(corrupt),
/// Error(unsupported).
void copy_verified(const ImageSource& image, ImageSink& sink, Progress& progress);

/// The schema alone, as if it had been captured without rows.
void copy_emptied(const ImageSource& image, ImageSink& sink);

/// Of a parked copy that is a file.
std::unique_ptr<View> view_of(ImageFile file);

}  // namespace quemsi::postgresql_engine
