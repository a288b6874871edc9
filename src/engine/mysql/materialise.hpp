#pragma once

#include "engine/mysql/parked.hpp"
#include "quemsi/image.hpp"

namespace quemsi::mysql_engine {

/// Builds the parked copy `to` from an image and checks it against the image; nothing is left on
/// failure. Throws Error(corrupt) for a bad image.
void materialise(const Server& server, const ParkedRegistry& registry, const ImageSource& image,
                 const ParkedName& to, Progress& progress);

/// A parked copy of live while applications stay connected. Rows are copied only without limit.
std::optional<Captured> copy_live(const Server& server, const ParkedRegistry& registry,
                                  const ParkedName& to, Content content, CopyLimit limit,
                                  Progress& progress);

}  // namespace quemsi::mysql_engine
