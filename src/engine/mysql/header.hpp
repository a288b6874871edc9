// An image's header: what a new schema must be like to take the rest.
#pragma once

#include "engine/mysql/server.hpp"
#include "quemsi/image.hpp"

namespace quemsi::mysql_engine {

ImageHeader make_header(Connection& connection, const SchemaFacts& facts, Content content);
/// Throws Error(corrupt) for another engine's or a damaged header, Error(unsupported) for that of
/// a newer release.
SchemaFacts check_header(const ImageHeader& header);

}  // namespace quemsi::mysql_engine
