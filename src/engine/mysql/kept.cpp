#include "engine/mysql/kept.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/common/row_hash.hpp"
#include "engine/mysql/definers.hpp"
#include "engine/mysql/shape_json.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

using nlohmann::json;

std::string encode(const KeptObjects& kept) {
  if (kept.empty()) return {};
  json list = json::array();
  for (const KeptObject& item : kept) {
    SchemaObjects pair{item.object};
    if (item.stands) pair.push_back(*item.stands);
    list.push_back(to_json(pair));
  }
  return json{{"kept", list}}.dump() + "\n";
}

KeptObjects decode(const std::string& text) try {
  KeptObjects kept;
  if (text.empty()) return kept;
  const json note = json::parse(text);
  for (const json& item : note.at("kept")) {
    SchemaObjects pair = objects_from_json(item);
    std::optional<SchemaObject> stands;
    if (pair.size() == 2) stands = pair.back();
    kept.push_back({pair.at(0), stands});
  }
  return kept;
} catch (const std::exception& error) {
  throw Error(ErrorKind::corrupt, "a note on a parked copy is damaged").cause(error.what());
}

/// It is what it was when the note was written.
bool holds(const KeptObject& kept, const SchemaObjects& present) {
  const SchemaObject* found = find_object(present, kept.object);
  return found == nullptr ? !kept.stands : kept.stands == *found;
}

}  // namespace

/// Parked copies have names of their own; a live schema's may be that of one on another server.
std::string key_of_notes(Connection& connection, const std::string& schema) {
  if (is_parked_name(schema)) return schema;
  return fmt::format("live-{:016x}", row_hash(server_identity(connection) + "|" + schema));
}

const SchemaObject* find_object(const SchemaObjects& objects, const SchemaObject& like) {
  const auto found = std::ranges::find_if(objects, [&](const SchemaObject& object) {
    return object.kind == like.kind && object.name == like.name;
  });
  return found == objects.end() ? nullptr : &*found;
}

KeptObjects read_kept(Connection& connection, const ParkedRegistry& registry,
                      const std::string& schema) {
  return decode(registry.note(key_of_notes(connection, schema)));
}

void write_kept(Connection& connection, const ParkedRegistry& registry, const std::string& schema,
                const KeptObjects& kept) {
  const std::string key = key_of_notes(connection, schema);
  const std::string text = encode(kept);
  if (registry.note(key) != text) registry.write_note(key, text);
}

KeptObjects lost_in(const SchemaObjects& present, const SchemaObjects& originals) {
  KeptObjects lost;
  for (const SchemaObject& original : originals) {
    const SchemaObject* found = find_object(present, original);
    if (found == nullptr) {
      lost.push_back({original, std::nullopt});
    } else if (!same_but_definers(live_form({*found}).front(), original)) {
      lost.push_back({original, *found});
    }
  }
  return lost;
}

void keep_originals(Connection& connection, const ParkedRegistry& registry,
                    const std::string& schema, const SchemaObjects& originals) {
  if (originals.empty()) return;
  write_kept(connection, registry, schema, lost_in(read_objects(connection, schema), originals));
}

void keep_left_out(const Server& server, Connection& connection, const ParkedRegistry& registry,
                   const std::string& live, const ObjectMaker& maker) {
  KeptObjects kept;
  for (const LeftOut& item : maker.left_out()) {
    kept.push_back({item.view, std::nullopt});
    server.notice(fmt::format("the view {} cannot be made now; its definition is kept: {}",
                              item.view.name, item.why.what()));
  }
  write_kept(connection, registry, live, kept);
}

SchemaObjects complete(Connection& connection, const ParkedRegistry& registry,
                       const std::string& schema, const SchemaObjects& present) {
  SchemaObjects objects = is_parked_name(schema) ? live_form(present) : present;
  for (const KeptObject& kept : read_kept(connection, registry, schema)) {
    if (!holds(kept, present)) continue;
    std::erase_if(objects, [&](const SchemaObject& object) {
      return object.kind == kept.object.kind && object.name == kept.object.name;
    });
    objects.push_back(kept.object);
  }
  sort_objects(objects);
  return objects;
}

SchemaObjects kept_beside(Connection& connection, const ParkedRegistry& registry,
                          const std::string& schema, const SchemaObjects& present) {
  SchemaObjects beside;
  for (const KeptObject& kept : read_kept(connection, registry, schema)) {
    if (find_object(present, kept.object) == nullptr) beside.push_back(kept.object);
  }
  return beside;
}

std::optional<SchemaShape> find_complete_shape(Connection& connection,
                                               const ParkedRegistry& registry,
                                               const std::string& schema) {
  auto shape = find_shape(connection, schema);
  if (shape) shape->objects = complete(connection, registry, schema, shape->objects);
  return shape;
}

SchemaShape read_complete_shape(Connection& connection, const ParkedRegistry& registry,
                                const std::string& schema) {
  SchemaShape shape = read_shape(connection, schema);
  shape.objects = complete(connection, registry, schema, shape.objects);
  return shape;
}

}  // namespace quemsi::mysql_engine
