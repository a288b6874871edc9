#include "engine/postgresql/in_place/restoring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/postgresql/filling.hpp"
#include "engine/postgresql/header.hpp"
#include "engine/postgresql/in_place/privileges.hpp"
#include "engine/postgresql/tablespaces.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// How scripts call what is still there.
constexpr const char* names_that_stay = R"(
  SELECT format('Name: %s; Type: SCHEMA;', nspname) FROM pg_namespace
  UNION ALL SELECT format('Name: %s; Type: FOREIGN DATA WRAPPER;', fdwname)
            FROM pg_foreign_data_wrapper
  UNION ALL SELECT format('Name: %s; Type: ACCESS METHOD;', amname) FROM pg_am
  UNION ALL SELECT format('Name: %s; Type: PROCEDURAL LANGUAGE;', lanname) FROM pg_language
  UNION ALL SELECT format('Name: %s; Type: EVENT TRIGGER;', evtname) FROM pg_event_trigger)";

/// Of a schema that is there its owner can still be set.
bool is_creation(const std::string& statement) { return statement.starts_with("CREATE "); }

/// Without what is there already.
Script remaining(Connection& connection, Script script) {
  const Result rows = connection.query(names_that_stay);
  std::set<std::string> names;
  for (int row = 0; row < rows.rows(); ++row) names.insert(rows.str(row, 0));
  for (ScriptItem& item : script) {
    const std::string name = item.header.substr(0, item.header.find("; Schema: ") + 1);
    if (!names.contains(name)) continue;
    if (item.type == "SCHEMA") {
      std::erase_if(item.statements, is_creation);
    } else {
      item.statements.clear();
    }
  }
  std::erase_if(script, [](const ScriptItem& item) { return item.statements.empty(); });
  return script;
}

void settle_public_schema(Connection& connection, const ImageHeader& header) {
  if (lacks_public_schema(header)) {
    connection.execute("DROP SCHEMA IF EXISTS public");
  } else {
    make_public_schema(connection);
  }
}

/// What a database was made with cannot be changed.
void compare_locale(Connection& connection, const ImageHeader& header,
                    std::vector<std::string>& lost) {
  const ImageHeader live = read_header(connection, Content::all);
  for (const char* key : {"encoding", "collate", "ctype", "locale_provider", "locale"}) {
    const std::string& now = live.attributes.at(key);
    const std::string& then = header.attributes.at(key);
    if (now == then) continue;
    lost.push_back(fmt::format("database {} keeps its {} {}; the snapshot was taken with {}",
                               connection.database(), key, now, then));
  }
}

void append(std::vector<std::string>& all, std::vector<std::string> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

std::vector<std::string> restore_into(LiveHold& hold, const ImageReader& image,
                                      Progress& progress) {
  Connection& connection = hold.connection();
  std::vector<std::string> lost;
  compare_locale(connection, image.header(), lost);
  settle_public_schema(connection, image.header());
  Script pre_data = remaining(connection, image.pre_data());
  Script post_data = remaining(connection, image.post_data());
  settle_tablespaces(connection, pre_data, lost);
  settle_tablespaces(connection, post_data, lost);
  fill(image, pre_data, post_data, hold.sessions(), progress, lost);
  append(lost, replace_properties(connection, connection.database(),
                                  properties_from(image.header().attributes)));
  return lost;
}

}  // namespace quemsi::postgresql_engine
