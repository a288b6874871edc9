#pragma once

#include "engine/postgresql/parked.hpp"
#include "engine/postgresql/server.hpp"
#include "quemsi/image.hpp"

namespace quemsi::postgresql_engine {

/// Builds the parked copy `to` from an image and checks it against the image; durable on return,
/// and nothing is left on failure. Throws Error(corrupt) for a bad image.
void materialise(const Server& server, const ParkedRegistry& registry, const ImageSource& image,
                 const ParkedName& to, Progress& progress);

}  // namespace quemsi::postgresql_engine
