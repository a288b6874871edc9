// Whether what was found is held elsewhere.
#pragma once

#include <set>
#include <string>

#include "engine/mysql/image_reader.hpp"

namespace quemsi::mysql_engine {

/// Tables of `found` that `image` does not have as well: the same definition, the same rows.
std::set<std::string> tables_beyond(const ImageReader& found, const ImageReader& image);
/// The same of views, routines, events and triggers, whoever they run as.
std::set<std::string> objects_beyond(const ImageReader& found, const ImageReader& image);

}  // namespace quemsi::mysql_engine
