#pragma once

#include "engine/common/tally.hpp"
#include "engine/mysql/catalog.hpp"

namespace quemsi::mysql_engine {

/// All rows of a table as chunks, in the order of its key; the section itself is the caller's to
/// finish.
void read_rows(Connection& connection, const std::string& schema, const Table& table,
               TallySink& sink);

}  // namespace quemsi::mysql_engine
