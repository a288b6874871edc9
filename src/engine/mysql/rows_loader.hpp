#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/mysql/connection.hpp"
#include "engine/mysql/image_reader.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::mysql_engine {

/// Loads all rows by all sessions at once, and compares what arrived with the image: by the number
/// of rows, and by reading them back where the server had anything to remark. Throws
/// Error(corrupt).
void load_rows(const ImageReader& image, const std::string& schema,
               std::vector<Connection>& sessions, Progress& progress);
/// Of the image's tables, those that `names` has, into tables that are called as it says.
void load_rows_as(const std::map<std::string, std::string>& names, const ImageReader& image,
                  const std::string& schema, std::vector<Connection>& sessions, Progress& progress);

}  // namespace quemsi::mysql_engine
