// Images on their way into files and out of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/common/checked_image.hpp"
#include "engine/common/image_file.hpp"
#include "quemsi/engine.hpp"
#include "quemsi/progress.hpp"

namespace quemsi {

/// Compares every byte with what the image says of itself. `image` is `checked`'s. Throws
/// Error(corrupt).
void copy_verified(const ImageSource& image, const CheckedImage& checked, ImageSink& sink,
                   Progress& progress);

struct TextSection {
  std::string name;
  std::string text;
};

/// An image as if it had been captured without rows: `header`, which will say so, these sections,
/// and their summary.
void write_schema_alone(ImageHeader header, const std::vector<TextSection>& sections,
                        ImageSink& sink);

/// Of a parked copy that is a file.
std::unique_ptr<View> view_of(ImageFile file);

}  // namespace quemsi
