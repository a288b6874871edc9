#pragma once

#include "quemsi/image.hpp"

namespace quemsi::mysql_engine {

/// The schema alone, as if it had been captured without rows.
void copy_emptied(const ImageSource& image, ImageSink& sink);

}  // namespace quemsi::mysql_engine
