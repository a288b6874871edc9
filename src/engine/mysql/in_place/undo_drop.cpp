// Back from where some of live's tables may have been dropped, and applications may have gone on
// with the others.
#include <fmt/format.h>

#include "engine/common/spool.hpp"
#include "engine/mysql/builder.hpp"
#include "engine/mysql/in_place/capture.hpp"
#include "engine/mysql/in_place/hidden_tables.hpp"
#include "engine/mysql/in_place/known.hpp"
#include "engine/mysql/in_place/steps.hpp"
#include "engine/mysql/triggers.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr const char* made_at = "made ";

Result times_of(Connection& connection, const std::string& schema) {
  return connection.query(
      fmt::format("SELECT table_name, create_time FROM information_schema.tables WHERE {} AND "
                  "table_type <> 'VIEW' AND create_time < NOW()",
                  is_named("table_schema", schema)));
}

/// Not made by somebody since.
std::set<std::string> certain_ones(Connection& connection, const std::string& schema,
                                   const Attributes& notes) {
  const Result rows = times_of(connection, schema);
  std::set<std::string> names;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const auto noted = notes.find(made_at + rows.str(i, 0));
    if (noted != notes.end() && noted->second == rows.str(i, 1)) names.insert(rows.str(i, 0));
  }
  return names;
}

/// One that was made again by an attempt that was interrupted begins anew: this goes forward only.
std::vector<Counter> sequences_of(const ImageReader& image) {
  std::vector<Counter> sequences = image.counters();
  std::erase_if(sequences, [](const Counter& counter) { return counter.kind != "SEQUENCE"; });
  return sequences;
}

}  // namespace

Attributes notes_of(Connection& connection, const std::string& schema) {
  const Result rows = times_of(connection, schema);
  Attributes notes;
  for (std::size_t i = 0; i < rows.rows(); ++i) notes[made_at + rows.str(i, 0)] = rows.str(i, 1);
  return notes;
}

/// By us, now or in an attempt that was interrupted; an application's may differ on purpose.
SchemaObjects InPlaceSteps::triggers_made_again(const ImageReader& image, const Attributes& notes) {
  const std::set<std::string> certain = certain_ones(hold_.observer(), hold_.live(), notes);
  SchemaObjects triggers = image.triggers();
  std::erase_if(triggers,
                [&](const SchemaObject& trigger) { return certain.contains(trigger.table); });
  return triggers;
}

/// A table may have been dropped, and made again by an application.
void InPlaceSteps::keep_what_may_be_lost(const ImageReader& image) {
  const ParkedName outgoing(plan_.outgoing);
  const auto certain = certain_ones(hold_.observer(), hold_.live(), folder_.open(outgoing).notes());
  std::set<std::string> doubtful;
  for (const SchemaObject& object : image.makes()) doubtful.insert(object.name);
  std::erase_if(doubtful, [&](const std::string& name) { return certain.contains(name); });
  SchemaShape shape = lock_all(hold_);
  std::erase_if(shape.tables,
                [&](const TableEntry& table) { return !doubtful.contains(table.name); });
  if (shape.tables.empty()) return;
  Spool found(hold_.server().context().state_dir);
  capture(hold_, shape, found);
  found.close();
  const ParkedName stray(plan_.stray);
  if (tables_beyond(ImageReader(found), image).empty() || folder_.has(stray)) return;
  folder_.link(outgoing, stray);
  hold_.server().notice(
      fmt::format("an interrupted exchange of {} may have dropped tables that somebody made again; "
                  "what it held before is kept as {}: git quemsi fsck --repair makes it a snapshot",
                  hold_.live(), stray.str()));
}

void InPlaceSteps::undo_drop() {
  const ParkedName outgoing(plan_.outgoing);
  if (!folder_.has(outgoing)) return stage_.clear();
  const ImageFile file = folder_.open(outgoing);
  const ImageReader image(file);
  HiddenTables tables(hold_, plan_, image, 'o');
  tables.drop_all();
  keep_aside();
  keep_what_may_be_lost(image);
  hold_.unlock();
  std::set<std::string> missing;
  for (const SchemaObject& object : image.makes()) missing.insert(object.name);
  for (const TableEntry& table : read_tables(hold_.observer(), hold_.live())) {
    missing.erase(table.name);
  }
  if (!missing.empty()) {
    tables.build(missing);
    reveal_tables(tables);
  }
  restore_wording(hold_.server(), hold_.worker(), hold_.live(),
                  triggers_made_again(image, file.notes()));
  set_counters(hold_.worker(), hold_.live(), sequences_of(image));
  make_missing_objects(Side::outgoing, image);
  folder_.remove(outgoing);
  stage_.clear();
}

}  // namespace quemsi::mysql_engine
