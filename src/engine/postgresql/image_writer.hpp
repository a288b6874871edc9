#pragma once

#include "engine/postgresql/pin.hpp"
#include "quemsi/image.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::postgresql_engine {

/// Streams what `pin` sees; see FORMAT.md.
void write_image(Pin& pin, ImageSink& sink, Progress& progress);

}  // namespace quemsi::postgresql_engine
