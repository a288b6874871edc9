#include "engine/mysql/in_place/hidden_tables.hpp"

#include <fmt/format.h>

#include "engine/mysql/builder.hpp"
#include "engine/mysql/in_place/capture.hpp"
#include "engine/mysql/rows_loader.hpp"
#include "engine/mysql/session.hpp"
#include "engine/mysql/triggers.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr char aside_letter = 's';

}  // namespace
HiddenTables::HiddenTables(LiveHold& hold, const InPlacePlan& plan, const ImageReader& image,
                           char letter)
    : hold_(hold), image_(image), prefix_(plan.outgoing + "_") {
  for (const SchemaObject& object : image.makes()) {
    if (object.kind != "TABLE") continue;
    hidden_[object.name] = fmt::format("{}{}{}", prefix_, letter, hidden_.size());
  }
}

std::set<std::string> HiddenTables::standing() const {
  const Result rows = hold_.observer().query(
      fmt::format("SELECT table_name FROM information_schema.tables WHERE {} AND "
                  "table_type <> 'VIEW'",
                  is_named("table_schema", hold_.live())));
  std::set<std::string> names;
  for (std::size_t i = 0; i < rows.rows(); ++i) names.insert(rows.str(i, 0));
  return names;
}

void HiddenTables::drop_all() {
  std::vector<std::string> names;
  for (const std::string& name : standing()) {
    const bool aside = name.starts_with(prefix_ + aside_letter);
    if (name.starts_with(prefix_) && !aside) names.push_back(qualified(hold_.live(), name));
  }
  if (!names.empty()) hold_.worker().execute("DROP TABLE " + join(names, ", "));
}

void HiddenTables::build(const std::set<std::string>& names) {
  Connection& worker = hold_.worker();
  prepare_build_session(worker);
  make(names);
  lock(names);
  std::map<std::string, std::string> targets = hidden_;
  std::erase_if(targets, [&](const auto& target) { return !names.contains(target.first); });
  load_rows_as(targets, image_, hold_.live(), hold_.sessions(), no_progress());
  set_counters_of(names);
  for (const auto& [name, hidden] : targets) {
    make_triggers(hold_.server(), worker, hold_.live(), hidden, name, image_.triggers());
  }
  hold_.unlock();
}

void HiddenTables::make(const std::set<std::string>& names) {
  const std::set<std::string> there = standing();
  SchemaObjects makes;
  for (const SchemaObject& object : image_.makes()) {
    const auto hidden = hidden_.find(object.name);
    if (!names.contains(object.name)) continue;
    if (hidden != hidden_.end()) {
      makes.push_back(called(object, hidden->second));
    } else if (!there.contains(object.name)) {
      makes.push_back(object);
    }
  }
  make_tables(hold_.worker(), hold_.live(), makes);
}

void HiddenTables::lock(const std::set<std::string>& names) {
  std::vector<TableEntry> entries;
  for (const std::string& name : names) {
    const auto hidden = hidden_.find(name);
    entries.push_back({.name = hidden == hidden_.end() ? name : hidden->second, .engine = {}});
  }
  hold_.lock(entries);
}

void HiddenTables::set_counters_of(const std::set<std::string>& names) {
  std::vector<Counter> counters;
  for (Counter counter : image_.counters()) {
    if (!names.contains(counter.name)) continue;
    const auto hidden = hidden_.find(counter.name);
    if (hidden != hidden_.end()) counter.name = hidden->second;
    counters.push_back(std::move(counter));
  }
  set_counters(hold_.worker(), hold_.live(), counters);
}

std::set<std::string> HiddenTables::pending() const {
  const std::set<std::string> there = standing();
  std::set<std::string> names;
  for (const auto& [name, hidden] : hidden_) {
    if (there.contains(hidden)) names.insert(name);
  }
  return names;
}

Renames HiddenTables::reveals() const {
  const std::set<std::string> there = standing();
  Renames renames;
  for (const std::string& name : pending()) {
    if (!there.contains(name)) continue;
    renames.push_back({hold_.live(), name, hold_.live(), aside(name)});
  }
  for (const std::string& name : pending()) {
    renames.push_back({hold_.live(), hidden_.at(name), hold_.live(), name});
  }
  return renames;
}

std::string HiddenTables::aside(const std::string& name) const {
  return prefix_ + aside_letter + hidden_.at(name).substr(prefix_.size());
}

std::map<std::string, std::string> HiddenTables::aside() const {
  const std::set<std::string> there = standing();
  std::map<std::string, std::string> names;
  for (const auto& [name, hidden] : hidden_) {
    if (there.contains(aside(name))) names[aside(name)] = name;
  }
  return names;
}

}  // namespace quemsi::mysql_engine
