// Taking out of live what is not to stay.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "engine/mysql/image_reader.hpp"
#include "engine/mysql/in_place/live_hold.hpp"
#include "engine/mysql/in_place/plan.hpp"

namespace quemsi::mysql_engine {

/// In one statement; they are locked.
void drop_tables(LiveHold& hold, const std::vector<TableEntry>& tables);
/// Those that are still what they are said to be. Before the tables: without them the server tells
/// of a view in other words.
void drop_objects(LiveHold& hold, const SchemaObjects& objects);

/// Of `objects`, routines stay that the image has, too: others may have been granted them.
SchemaObjects without_shared_routines(SchemaObjects objects, const ImageReader& image);

/// Tables and objects that stand in live and were not made by the exchange.
using FindStrays = std::function<SchemaShape(const SchemaShape& live)>;

/// Drops what `find` finds, having kept as a parked copy of its own what neither of the exchange's
/// two files holds; says so. False when there is nothing.
bool clear_strays(LiveHold& hold, const ImageFolder& folder, const InPlacePlan& plan,
                  const FindStrays& find);

/// The same of tables that were moved aside: by their names there, those that they had.
void clear_aside(LiveHold& hold, const ImageFolder& folder, const InPlacePlan& plan,
                 const std::map<std::string, std::string>& names);

}  // namespace quemsi::mysql_engine
