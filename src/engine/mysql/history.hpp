// What becomes of the history of versioned tables when rows are copied. By renaming, it stays.
#pragma once

#include <string>
#include <vector>

#include "engine/mysql/image_reader.hpp"
#include "engine/mysql/shape.hpp"

namespace quemsi::mysql_engine {

/// Throws Error(unsupported) when this server takes no rows of history, and there are some.
void check_takes_history(const Connection& connection, const std::vector<TableEntry>& tables);
void check_takes_history(const Connection& connection, const ImageReader& image);

/// Those whose history counts by transactions, which have other numbers elsewhere: only the rows of
/// now are copied.
std::vector<std::string> tables_without_times(Connection& connection, const std::string& schema);
/// The same; asks the server only where a table is versioned.
std::vector<std::string> tables_without_times(Connection& connection, const std::string& schema,
                                              const std::vector<TableEntry>& tables);

}  // namespace quemsi::mysql_engine
