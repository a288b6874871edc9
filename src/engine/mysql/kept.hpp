// Definitions that a schema cannot hold, or does not tell as they were in live: kept as text beside
// it, in a note of ParkedRegistry. What is read from the schema is completed by them.
//
// A view cannot be made while something is missing that it needs. One whose definer may see live
// alone is told of in other words in a copy. An event that sleeps in a copy may have slept before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/common/parked_registry.hpp"
#include "engine/mysql/shape.hpp"

namespace quemsi::mysql_engine {

struct KeptObject {
  SchemaObject object;                 ///< as it is, or was, in live
  std::optional<SchemaObject> stands;  ///< how the schema tells of it; none: it is not there
  bool operator==(const KeptObject&) const = default;
};
using KeptObjects = std::vector<KeptObject>;

/// Under which the registry has notes of a live schema or a parked copy.
std::string key_of_notes(Connection& connection, const std::string& schema);

/// Of a live schema or a parked copy.
KeptObjects read_kept(Connection& connection, const ParkedRegistry& registry,
                      const std::string& schema);
/// Durable on return; does nothing when they are the same as before.
void write_kept(Connection& connection, const ParkedRegistry& registry, const std::string& schema,
                const KeptObjects& kept);

/// What of `originals`, as they are in live, a parked copy does not tell, of which `present` is
/// read.
KeptObjects lost_in(const SchemaObjects& present, const SchemaObjects& originals);
/// Keeps what a parked copy does not tell of what it was made from.
void keep_originals(Connection& connection, const ParkedRegistry& registry,
                    const std::string& schema, const SchemaObjects& originals);

/// Keeps the views of live that could not be made in it, and says so; forgets those kept before.
void keep_left_out(const Server& server, Connection& connection, const ParkedRegistry& registry,
                   const std::string& live, const ObjectMaker& maker);

/// Views, routines and events as they are in live: those of a schema, of which `present` is read,
/// and those that are kept.
SchemaObjects complete(Connection& connection, const ParkedRegistry& registry,
                       const std::string& schema, const SchemaObjects& present);
/// Those among them that `present` does not have in any way.
SchemaObjects kept_beside(Connection& connection, const ParkedRegistry& registry,
                          const std::string& schema, const SchemaObjects& present);
/// find_shape(), with these.
std::optional<SchemaShape> find_complete_shape(Connection& connection,
                                               const ParkedRegistry& registry,
                                               const std::string& schema);
/// read_shape(), with these.
SchemaShape read_complete_shape(Connection& connection, const ParkedRegistry& registry,
                                const std::string& schema);

/// The one of that kind and name; none when there is none.
const SchemaObject* find_object(const SchemaObjects& objects, const SchemaObject& like);

}  // namespace quemsi::mysql_engine
