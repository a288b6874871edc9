#include "engine/mysql/in_place/clearing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/mysql/in_place/capture.hpp"
#include "engine/mysql/in_place/known.hpp"
#include "engine/mysql/routine_grants.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

bool is_empty(const SchemaShape& shape) { return shape.tables.empty() && shape.objects.empty(); }

/// Both files hold it, or one of them.
bool is_known(const ImageSource& found, const ImageFolder& folder, const InPlacePlan& plan) {
  const ImageReader reader(found);
  std::set<std::string> tables;
  std::set<std::string> objects;
  bool first = true;
  for (const std::string& name : {plan.incoming, plan.outgoing}) {
    if (!folder.has(ParkedName(name))) continue;
    const ImageFile file = folder.open(ParkedName(name));
    const ImageReader image(file);
    const auto keep_beyond = [first](std::set<std::string>& all, const std::set<std::string>& now) {
      if (first) all = now;
      std::erase_if(all, [&](const std::string& item) { return !now.contains(item); });
    };
    keep_beyond(tables, tables_beyond(reader, image));
    keep_beyond(objects, objects_beyond(reader, image));
    first = false;
  }
  return !first && tables.empty() && objects.empty();
}

/// The plan's name, unless an earlier attempt has used it.
ParkedName free_name(const ImageFolder& folder, const InPlacePlan& plan) {
  ParkedName name(plan.stray);
  return folder.has(name) ? parked_name(new_image_id()) : name;
}

void keep(LiveHold& hold, const ImageFolder& folder, const InPlacePlan& plan,
          const SchemaShape& strays, const std::map<std::string, std::string>& names) {
  const ParkedName name = free_name(folder, plan);
  const auto draft = folder.draft(name);
  capture(hold, strays, *draft, names);
  if (is_known(draft->close(), folder, plan)) return;
  draft->commit();
  hold.server().notice(fmt::format(
      "somebody made tables or views in {} while its content was exchanged; they are kept as {}: "
      "git quemsi fsck --repair makes it a snapshot",
      hold.live(), name.str()));
}

TableKind kind_of(LiveHold& hold, const std::string& table) {
  const Result row = hold.observer().query(
      fmt::format("SELECT table_type FROM information_schema.tables WHERE {} AND {}",
                  is_named("table_schema", hold.live()), is_named("table_name", table)));
  return row.str(0, 0) == "SYSTEM VERSIONED" ? TableKind::versioned : TableKind::plain;
}

}  // namespace

void drop_tables(LiveHold& hold, const std::vector<TableEntry>& tables) {
  std::vector<std::string> names;
  names.reserve(tables.size());
  for (const TableEntry& table : tables) names.push_back(qualified(hold.live(), table.name));
  if (!names.empty()) hold.worker().execute("DROP TABLE " + join(names, ", "));
}

void drop_objects(LiveHold& hold, const SchemaObjects& objects) {
  SchemaObjects dropped = read_objects(hold.observer(), hold.live());
  std::erase_if(dropped, [&](const SchemaObject& object) {
    return std::ranges::count(objects, object) == 0;
  });
  RoutineGrants(hold.server(), hold.observer(), hold.server().registry(), hold.live())
      .keep(dropped);
  ObjectMaker maker(hold.server(), hold.observer(), hold.live());
  for (const SchemaObject& object : dropped) maker.drop(object);
}

SchemaObjects without_shared_routines(SchemaObjects objects, const ImageReader& image) {
  std::erase_if(objects, [&](const SchemaObject& object) {
    const bool routine = object.kind == "PROCEDURE" || object.kind == "FUNCTION";
    return routine && std::ranges::count(image.objects(), object) > 0;
  });
  return objects;
}

bool clear_strays(LiveHold& hold, const ImageFolder& folder, const InPlacePlan& plan,
                  const FindStrays& find) {
  const SchemaShape strays = find(read_shape(hold.observer(), hold.live()));
  if (is_empty(strays)) return false;
  if (!hold.lock_if_there(strays.tables)) return true;
  // Whoever has made these may not have been through.
  if (find(read_shape(hold.observer(), hold.live())) == strays) {
    keep(hold, folder, plan, strays, {});
    drop_objects(hold, strays.objects);
    drop_tables(hold, strays.tables);
  }
  hold.unlock();
  return true;
}

void clear_aside(LiveHold& hold, const ImageFolder& folder, const InPlacePlan& plan,
                 const std::map<std::string, std::string>& names) {
  if (names.empty()) return;
  SchemaShape shape = read_shape(hold.observer(), hold.live());
  shape.objects.clear();
  std::erase_if(shape.triggers,
                [&](const SchemaObject& trigger) { return !names.contains(trigger.table); });
  shape.tables.clear();
  for (const auto& [stored, name] : names) {
    shape.tables.push_back({.name = stored, .kind = kind_of(hold, stored), .engine = {}});
  }
  hold.lock(shape.tables);
  keep(hold, folder, plan, shape, names);
  drop_tables(hold, shape.tables);
  hold.unlock();
}

}  // namespace quemsi::mysql_engine
