// Images on their way into files and out of them.
#pragma once

#include <memory>

#include "engine/common/checked_image.hpp"
#include "engine/common/image_file.hpp"
#include "quemsi/engine.hpp"
#include "quemsi/progress.hpp"

namespace quemsi {

/// Compares every byte with what the image says of itself. `image` is `checked`'s. Throws
/// Error(corrupt).
void copy_verified(const ImageSource& image, const CheckedImage& checked, ImageSink& sink,
                   Progress& progress);

/// Of a parked copy that is a file.
std::unique_ptr<View> view_of(ImageFile file);

}  // namespace quemsi
