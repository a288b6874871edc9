#include "engine/mysql/in_place/known.hpp"

#include <algorithm>
#include <map>

#include "engine/mysql/definitions.hpp"

namespace quemsi::mysql_engine {
namespace {

std::map<std::string, Tally> rows_of(const ImageReader& image) {
  std::map<std::string, Tally> rows;
  for (const RowsSection& section : image.rows()) {
    rows[section.table.name] = image.tally(section.section);
  }
  return rows;
}

bool has(const SchemaObjects& objects, const SchemaObject& object) {
  return std::ranges::any_of(objects, [&](const SchemaObject& other) {
    return other.kind == object.kind && other.name == object.name && other.table == object.table &&
           without_definer(other.sql) == without_definer(object.sql);
  });
}

void add_beyond(const SchemaObjects& found, const SchemaObjects& known,
                std::set<std::string>& names) {
  for (const SchemaObject& object : found) {
    if (!has(known, object)) names.insert(object.kind + " " + object.name);
  }
}

}  // namespace

std::set<std::string> tables_beyond(const ImageReader& found, const ImageReader& image) {
  auto found_rows = rows_of(found);
  auto known_rows = rows_of(image);
  std::set<std::string> names;
  for (const SchemaObject& table : found.makes()) {
    const bool same_rows = found_rows[table.name] == known_rows[table.name];
    if (!same_rows || std::ranges::count(image.makes(), table) == 0) names.insert(table.name);
  }
  return names;
}

std::set<std::string> objects_beyond(const ImageReader& found, const ImageReader& image) {
  std::set<std::string> names;
  add_beyond(found.objects(), image.objects(), names);
  add_beyond(found.triggers(), image.triggers(), names);
  return names;
}

}  // namespace quemsi::mysql_engine
