// Reading what is locked.
#pragma once

#include <map>
#include <string>

#include "engine/mysql/in_place/live_hold.hpp"
#include "quemsi/image.hpp"

namespace quemsi::mysql_engine {

/// The statement that makes the table under another name. Throws Error(corrupt).
SchemaObject called(SchemaObject table, const std::string& name);

/// Writes an image of what `shape` lists of live; its tables are locked by `hold`. `names` are
/// those that the image gives tables which are called otherwise on the server.
void capture(LiveHold& hold, const SchemaShape& shape, ImageSink& sink,
             const std::map<std::string, std::string>& names = {});

/// Locks all tables of live, those that somebody makes meanwhile among them, and returns what there
/// is then.
SchemaShape lock_all(LiveHold& hold);

}  // namespace quemsi::mysql_engine
