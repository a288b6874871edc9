// Making a schema's parts.
#pragma once

#include <string>
#include <vector>

#include "engine/mysql/image_format.hpp"
#include "engine/mysql/server.hpp"

namespace quemsi::mysql_engine {

/// Tables and sequences, empty; foreign keys may refer to what comes later. `connection` is a build
/// session.
void make_tables(Connection& connection, const std::string& schema, const SchemaObjects& makes);
void set_counters(Connection& connection, const std::string& schema,
                  const std::vector<Counter>& counters);
/// Throws Error(engine) for objects that are to keep a definer whom we may not set, and for those
/// that we may not make at all: before anything is made.
void check_definers(const Server& server, Connection& connection, const SchemaObjects& objects,
                    const SchemaObjects& triggers);
/// What must come after the rows: routines, views, events that do not run, triggers.
void make_objects(const Server& server, Connection& connection, const std::string& schema,
                  const SchemaObjects& objects, const SchemaObjects& triggers);

}  // namespace quemsi::mysql_engine
