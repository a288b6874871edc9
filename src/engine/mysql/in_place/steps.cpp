#include "engine/mysql/in_place/steps.hpp"

#include <algorithm>

#include "engine/mysql/in_place/clearing.hpp"
#include "engine/mysql/in_place/hidden_tables.hpp"
#include "engine/mysql/kept.hpp"
#include "engine/mysql/routine_grants.hpp"
#include "engine/mysql/triggers.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

std::set<std::string> names_of(const SchemaObjects& makes) {
  std::set<std::string> names;
  for (const SchemaObject& object : makes) names.insert(object.name);
  return names;
}

SchemaShape only(const SchemaShape& shape, const std::set<std::string>& tables) {
  SchemaShape part = shape;
  std::erase_if(part.tables, [&](const TableEntry& item) { return !tables.contains(item.name); });
  std::erase_if(part.triggers,
                [&](const SchemaObject& item) { return !tables.contains(item.table); });
  return part;
}

/// Made as the image says.
bool is_sequence_of(const ImageReader& image, LiveHold& hold, const TableEntry& table) {
  if (table.kind != TableKind::sequence) return false;
  const Result row =
      hold.observer().query("SHOW CREATE SEQUENCE " + qualified(hold.live(), table.name));
  return std::ranges::any_of(image.makes(), [&](const SchemaObject& object) {
    return object.kind == "SEQUENCE" && object.name == table.name && object.sql == row.str(0, 1);
  });
}

/// What somebody makes again and again is in nobody's way for long: it is moved aside in the end.
void clear(LiveHold& hold, const ImageFolder& folder, const InPlacePlan& plan,
           const FindStrays& find) {
  constexpr int tries = 3;
  for (int i = 0; i < tries && clear_strays(hold, folder, plan, find); ++i) continue;
}

}  // namespace

void InPlaceSteps::go_forward() {
  try {
    rebuild(Side::incoming);
  } catch (const Error&) {
    if (hold_.worker().lost()) throw;
    hold_.unlock();
    stage_.set(Stage::building_outgoing);
    go_back();
    throw;
  }
  folder_.remove(ParkedName(plan_.incoming));
  finish();
}

void InPlaceSteps::go_back() {
  if (folder_.has(ParkedName(plan_.outgoing))) rebuild(Side::outgoing);
  folder_.remove(ParkedName(plan_.outgoing));
  stage_.clear();
}

void InPlaceSteps::finish() const {
  if (!plan_.keeps_outgoing) folder_.remove(ParkedName(plan_.outgoing));
  stage_.clear();
}

void InPlaceSteps::rebuild(Side side) {
  const bool forward = side == Side::incoming;
  const ImageFile file = folder_.open(ParkedName(forward ? plan_.incoming : plan_.outgoing));
  const ImageReader image(file);
  const Stage building = forward ? Stage::building : Stage::building_outgoing;
  if (stage_.get() == building) build(side, image);
  reveal(side, image);
}

void InPlaceSteps::build(Side side, const ImageReader& image) {
  const bool forward = side == Side::incoming;
  HiddenTables tables(hold_, plan_, image, forward ? 'i' : 'o');
  tables.drop_all();
  keep_aside();
  clear_for_building(image);
  // First: what is made in a schema remembers the schema's default collation.
  alter_schema(hold_.worker(), hold_.live(), image.facts());
  tables.build(names_of(image.makes()));
  stage_.set(forward ? Stage::revealing : Stage::revealing_outgoing);
}

void InPlaceSteps::reveal(Side side, const ImageReader& image) {
  const HiddenTables tables(hold_, plan_, image, side == Side::incoming ? 'i' : 'o');
  if (!tables.pending().empty()) clear_for_revealing(image);
  reveal_tables(tables);
  restore_wording(hold_.server(), hold_.worker(), hold_.live(), image.triggers());
  make_missing_objects(side, image);
}

/// Between a look at the names that are taken and the statement somebody may take one.
void InPlaceSteps::reveal_tables(const HiddenTables& tables) {
  constexpr int tries = 50;
  constexpr unsigned table_exists = 1050;
  for (int i = 1;; ++i) {
    keep_aside();
    try {
      hold_.rename(tables.reveals());
      break;
    } catch (const Error&) {
      const unsigned error = hold_.worker().error_code();
      if (i == tries || (error != table_exists && error != code::no_table)) throw;
    }
  }
  keep_aside();
}

/// What was moved aside had names of tables of one of the images.
void InPlaceSteps::keep_aside() {
  for (const auto& [name, letter] :
       {std::pair(plan_.incoming, 'i'), std::pair(plan_.outgoing, 'o')}) {
    if (!folder_.has(ParkedName(name))) continue;
    const ImageFile file = folder_.open(ParkedName(name));
    const ImageReader image(file);
    const HiddenTables tables(hold_, plan_, image, letter);
    clear_aside(hold_, folder_, plan_, tables.aside());
  }
}

/// Only sequences and routines of the image are ours.
void InPlaceSteps::clear_for_building(const ImageReader& image) {
  clear(hold_, folder_, plan_, [&](const SchemaShape& live) {
    std::set<std::string> others;
    for (const TableEntry& table : live.tables) {
      if (!is_sequence_of(image, hold_, table)) others.insert(table.name);
    }
    SchemaShape strays = only(live, others);
    strays.objects = without_shared_routines(std::move(strays.objects), image);
    return strays;
  });
}

/// Tables that the image does not have. Those that it has are its own, or moved aside.
void InPlaceSteps::clear_for_revealing(const ImageReader& image) {
  const std::set<std::string> names = names_of(image.makes());
  clear(hold_, folder_, plan_, [&](const SchemaShape& live) {
    std::set<std::string> others;
    for (const TableEntry& table : live.tables) {
      if (!names.contains(table.name)) others.insert(table.name);
    }
    SchemaShape strays = only(live, others);
    strays.objects.clear();
    return strays;
  });
}

/// There is a way back from what comes in only.
void InPlaceSteps::make_missing_objects(Side side, const ImageReader& image) {
  const SchemaObjects present = read_objects(hold_.observer(), hold_.live());
  SchemaObjects missing;
  std::ranges::copy_if(image.objects(), std::back_inserter(missing),
                       [&](const SchemaObject& object) {
                         return std::ranges::none_of(present, [&](const SchemaObject& other) {
                           return other.kind == object.kind && other.name == object.name;
                         });
                       });
  ObjectMaker maker(hold_.server(), hold_.worker(), hold_.live());
  maker.make(missing);
  for (const LeftOut& item : maker.left_out()) {
    if (side == Side::incoming && !item.lacks_something) throw cannot_be_made(item.view, item.why);
  }
  RoutineGrants(hold_.server(), hold_.worker(), hold_.server().registry(), hold_.live())
      .give_back(missing);
  maker.report();
  keep_left_out(hold_.server(), hold_.observer(), hold_.server().registry(), hold_.live(), maker);
}

}  // namespace quemsi::mysql_engine
