#pragma once

#include "engine/mysql/pin.hpp"
#include "quemsi/image.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::mysql_engine {

/// Streams what `pin` sees; see FORMAT.md.
void write_image(Pin& pin, ImageSink& sink, Progress& progress);

}  // namespace quemsi::mysql_engine
