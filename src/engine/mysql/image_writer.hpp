#pragma once

#include "engine/mysql/pin.hpp"
#include "quemsi/image.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::mysql_engine {

/// What is written, and the sessions that see it.
struct Sight {
  const std::string& schema;
  Content content;
  const SchemaShape& shape;  ///< complete, as in live; see kept.hpp
  const Definitions& definitions;
  const std::vector<Table>& tables;
  Connection& leader;
  Connection* helper;  ///< may be none
};

/// See FORMAT.md.
void write_image(const Sight& sight, ImageSink& sink, Progress& progress);
/// Streams what `pin` sees.
void write_image(Pin& pin, ImageSink& sink, Progress& progress);

}  // namespace quemsi::mysql_engine
