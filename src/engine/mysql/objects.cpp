#include "engine/mysql/objects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/mysql/definitions.hpp"
#include "engine/mysql/sequence_names.hpp"
#include "engine/mysql/server.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

/// Their statements are kept as the bytes that somebody sent.
class RawResults {
 public:
  explicit RawResults(Connection& connection) : connection_(connection) {
    connection_.set_results("binary");
  }
  ~RawResults() {
    try {
      connection_.set_results("utf8mb4");
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the next statement will say so
    }
  }
  RawResults(const RawResults&) = delete;
  RawResults& operator=(const RawResults&) = delete;

 private:
  Connection& connection_;
};

std::string value(const Result& row, std::string_view column) {
  const auto at = row.column(column);
  return at ? row.str(0, *at) : std::string();
}

Error unreadable(const std::string& kind, const std::string& name) {
  return Error(ErrorKind::engine,
               fmt::format("the definition of {} {} may not be read", kind, name))
      .hint(
          "as an administrator: GRANT SELECT ON mysql.proc TO the user of the URL (MariaDB), or "
          "GRANT SHOW_ROUTINE ON *.* TO it (MySQL)");
}

/// `statement_column`: how SHOW CREATE calls what it shows.
SchemaObject read_object(Connection& connection, const std::string& schema, const std::string& kind,
                         const std::string& name, const std::string& statement_column) {
  const Result row =
      connection.query(fmt::format("SHOW CREATE {} {}", kind, qualified(schema, name)));
  const auto at = row.column(statement_column);
  if (row.rows() == 0 || !at || row.is_null(0, *at)) throw unreadable(kind, name);
  return {.kind = kind,
          .name = name,
          .table = {},
          .sql = row.str(0, *at),
          .sql_mode = value(row, "sql_mode"),
          .client_charset = value(row, "character_set_client"),
          .collation = value(row, "collation_connection"),
          .time_zone = value(row, "time_zone"),
          .schema_collation = value(row, "Database Collation")};
}

/// As somebody typed it, with this schema's name in it.
std::string unqualified_trigger(const std::string& sql, const Result& rows, std::size_t row) {
  const TriggerParts parts = split_trigger(sql);
  if (!names_schema(parts.head)) return sql;
  const auto definer = definer_of(parts.head);
  return fmt::format("CREATE {}TRIGGER {} {} {} ON {} {}",
                     definer ? "DEFINER=" + *definer + " " : std::string(),
                     quote_identifier(rows.str(row, 0)), rows.str(row, 2), rows.str(row, 3),
                     quote_identifier(rows.str(row, 1)), parts.rest);
}

/// "PACKAGE BODY" as "Create Package Body"
std::string shown_as(const std::string& kind) {
  std::string column = "Create ";
  for (std::size_t i = 0; i < kind.size(); ++i) {
    const bool first = i == 0 || kind[i - 1] == ' ';
    column += first || kind[i] == ' ' ? kind[i] : static_cast<char>(kind[i] - 'A' + 'a');
  }
  return column;
}

/// Kinds and names.
Result list_objects(Connection& connection, const std::string& schema) {
  // Servers compare names of different kinds in different ways.
  constexpr const char* query =
      "SELECT CONVERT(routine_type USING utf8mb4), CONVERT(routine_name USING utf8mb4) FROM "
      "information_schema.routines WHERE {} UNION ALL SELECT 'VIEW', CONVERT(table_name USING "
      "utf8mb4) FROM information_schema.tables WHERE {} AND table_type = 'VIEW' UNION ALL SELECT "
      "'EVENT', CONVERT(event_name USING utf8mb4) FROM information_schema.events WHERE {}";
  return connection.query(fmt::format(query, is_named("routine_schema", schema),
                                      is_named("table_schema", schema),
                                      is_named("event_schema", schema)));
}

constexpr std::string_view runs = "ENABLE";
constexpr std::string_view sleeps = "DISABLE ON SLAVE";
/// The same, in MySQL's words.
constexpr std::string_view sleeps_in_mysql = "DISABLE ON REPLICA";
constexpr unsigned long oldest_mysql_with_replicas = 80022;

/// MySQL before 8.0 shows such text converted once too often.
void check_shown_right(const Connection& connection, const SchemaObject& view) {
  constexpr unsigned long first_mysql_that_does = 80000;
  if (connection.is_mariadb() || connection.version() >= first_mysql_that_does) return;
  if (view.client_charset.starts_with("utf8")) return;
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::ranges::all_of(view.sql, is_ascii)) return;
  throw Error(ErrorKind::unsupported, "the definition of view " + view.name + " cannot be read")
      .cause(fmt::format("a client that speaks {} made it, with more than ASCII in it, which {} "
                         "shows wrong",
                         view.client_charset, connection.version_text()))
      .hint("make it again by a client that speaks utf8mb4");
}

/// As a schema's own object, in words that all servers know.
SchemaObject read_plain(Connection& connection, const std::string& schema, const std::string& kind,
                        const std::string& name) {
  SchemaObject object = read_object(connection, schema, kind, name, shown_as(kind));
  if (kind == "VIEW") {
    check_shown_right(connection, object);
    object.sql = without_schemas_of_sequences(without_schema(object.sql, schema),
                                              shown_names(connection, {schema}));
  }
  if (kind == "EVENT") object.sql = with_event_status(object.sql, sleeps_in_mysql, sleeps);
  return object;
}

bool has_views(const Result& names) {
  for (std::size_t i = 0; i < names.rows(); ++i) {
    if (names.str(i, 0) == "VIEW") return true;
  }
  return false;
}

SchemaObjects with_status(SchemaObjects objects, std::string_view from, std::string_view to) {
  for (SchemaObject& object : objects) {
    if (object.kind == "EVENT") object.sql = with_event_status(object.sql, from, to);
  }
  return objects;
}

std::string in_words_of(const Connection& connection, const std::string& sql,
                        const std::string& kind) {
  const bool other_words =
      !connection.is_mariadb() && connection.version() >= oldest_mysql_with_replicas;
  return kind == "EVENT" && other_words ? with_event_status(sql, sleeps, sleeps_in_mysql) : sql;
}

/// What the session has set for one object it has not set for the next.
class SettingsReset {
 public:
  explicit SettingsReset(Connection& connection) : connection_(connection) {}
  ~SettingsReset() {
    try {
      connection_.execute(
          "SET NAMES utf8mb4, sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00'");
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the next statement will say so
    }
  }
  SettingsReset(const SettingsReset&) = delete;
  SettingsReset& operator=(const SettingsReset&) = delete;

 private:
  Connection& connection_;
};

/// What a view needs is not there.
bool lacks_something(unsigned error) {
  constexpr unsigned no_column = 1054;
  constexpr unsigned no_function = 1305;
  constexpr unsigned invalid_view = 1356;
  return error == code::no_table || error == no_column || error == no_function ||
         error == invalid_view;
}

constexpr std::array<std::string_view, 6> order{"PACKAGE",   "PACKAGE BODY", "FUNCTION",
                                                "PROCEDURE", "VIEW",         "EVENT"};

auto place_of(const SchemaObject& object) {
  return std::pair(std::ranges::find(order, object.kind) - order.begin(), object.name);
}

}  // namespace

SchemaObjects read_triggers(Connection& connection, const std::string& schema) {
  const Result rows = connection.query(
      fmt::format("SELECT trigger_name, event_object_table, action_timing, event_manipulation "
                  "FROM information_schema.triggers WHERE {} ORDER BY BINARY event_object_table, "
                  "action_timing, event_manipulation, action_order",
                  is_named("trigger_schema", schema)));
  SchemaObjects triggers;
  if (rows.rows() == 0) return triggers;
  const RawResults raw(connection);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    SchemaObject trigger =
        read_object(connection, schema, "TRIGGER", rows.str(i, 0), "SQL Original Statement");
    trigger.table = rows.str(i, 1);
    trigger.sql = unqualified_trigger(trigger.sql, rows, i);
    triggers.push_back(std::move(trigger));
  }
  return triggers;
}

SchemaObjects read_objects(Connection& connection, const std::string& schema) {
  SchemaObjects objects;
  const Result names = list_objects(connection, schema);
  if (names.rows() == 0) return objects;
  // Names of the schema that one is in are left out of a view's statement.
  if (has_views(names)) connection.enter(schema);
  const RawResults raw(connection);
  for (std::size_t i = 0; i < names.rows(); ++i) {
    objects.push_back(read_plain(connection, schema, names.str(i, 0), names.str(i, 1)));
  }
  sort_objects(objects);
  return objects;
}

void sort_objects(SchemaObjects& objects) { std::ranges::stable_sort(objects, {}, place_of); }

ObjectMaker::ObjectMaker(const Server& server, Connection& connection, std::string schema)
    : server_(server),
      connection_(connection),
      schema_(std::move(schema)),
      definers_(connection, server.context().definers) {}

void ObjectMaker::run(const SchemaObject& object, const std::string& statement) {
  bool rewritten = statement != object.sql;
  try {
    connection_.execute(in_words_of(connection_, statement, object.kind));
  } catch (const Error&) {
    // Which definers we may set MySQL tells only when it is asked to.
    const bool may_be_ours =
        definers_.policy() == DefinerPolicy::automatic && definers_.is_foreign(object);
    if (rewritten || !may_be_ours || connection_.error_code() != code::access_denied) throw;
    connection_.execute(in_words_of(connection_, without_definer(statement), object.kind));
    rewritten = true;
  }
  if (rewritten) rewritten_.push_back(object);
}

void ObjectMaker::make_one(const SchemaObject& object, const std::string& statement) {
  connection_.enter(schema_);
  std::string settings = fmt::format("SET sql_mode = {}", quote_literal(object.sql_mode));
  if (object.kind == "VIEW") settings = "SET sql_mode = ''";
  if (!object.client_charset.empty()) {
    settings += fmt::format(", character_set_client = {}, collation_connection = {}",
                            object.client_charset, object.collation);
  }
  if (!object.time_zone.empty()) settings += ", time_zone = " + quote_literal(object.time_zone);
  connection_.execute(settings);
  const SettingsReset reset(connection_);
  run(object, statement);
}

std::vector<LeftOut> ObjectMaker::try_views(const SchemaObjects& views) {
  std::vector<LeftOut> failed;
  for (const SchemaObject& view : views) {
    const std::string statement = definers_.statement(view);
    try {
      make_one(view, statement);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::engine || connection_.lost()) throw;
      failed.push_back({view, error, lacks_something(connection_.error_code())});
    }
  }
  return failed;
}

void ObjectMaker::make(const SchemaObjects& objects) {
  SchemaObjects views;
  for (const SchemaObject& object : objects) {
    if (object.kind == "VIEW") {
      views.push_back(object);
    } else {
      make_one(object, definers_.statement(object));
    }
  }
  std::vector<LeftOut> failed;
  // What a view needs may be one that comes later.
  for (bool again = true; again && !views.empty();) {
    failed = try_views(views);
    again = failed.size() < views.size();
    views.clear();
    for (const LeftOut& item : failed) views.push_back(item.view);
  }
  left_out_.insert(left_out_.end(), failed.begin(), failed.end());
}

void ObjectMaker::drop(const SchemaObject& object) {
  // MariaDB knows the word in its ORACLE mode only.
  std::optional<SettingsReset> reset;
  if (object.kind.starts_with("PACKAGE")) {
    reset.emplace(connection_);
    connection_.execute("SET sql_mode = " + quote_literal(object.sql_mode));
  }
  connection_.execute(
      fmt::format("DROP {} IF EXISTS {}", object.kind, qualified(schema_, object.name)));
}

void ObjectMaker::report() {
  if (rewritten_.empty()) return;
  if (definers_.policy() == DefinerPolicy::rewrite) {
    server_.once().remember(once::rewritten,
                            fmt::format("what others made runs as {} once it is made again, as "
                                        "`definers: rewrite` wants it",
                                        definers_.user()));
  } else {
    std::vector<std::string> names = definers_.names_of_foreign(rewritten_);
    std::ranges::sort(names);
    server_.notice(fmt::format("now run as {}, which may not make objects of others: {}",
                               definers_.user(), join(names, ", ")));
  }
  rewritten_.clear();
}

Error cannot_be_made(const SchemaObject& object, const Error& why) {
  Error error(why.kind(), fmt::format("{} {} cannot be made again", object.kind, object.name));
  error.cause(why.what());
  for (const std::string& hint : why.hints()) error.hint(hint);
  return error;
}

SchemaObjects parked_form(SchemaObjects objects) {
  return with_status(std::move(objects), runs, sleeps);
}

SchemaObjects live_form(SchemaObjects objects) {
  return with_status(std::move(objects), sleeps, runs);
}

}  // namespace quemsi::mysql_engine
