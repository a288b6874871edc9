// What of a schema is not a table: triggers, views, routines, events. Each is known by the
// statement that makes it and by the settings under which that must be run.
#pragma once

#include <string>
#include <vector>

#include "engine/mysql/connection.hpp"

namespace quemsi::mysql_engine {

struct SchemaObject {
  std::string kind;  ///< TRIGGER, VIEW, PROCEDURE, FUNCTION, PACKAGE, PACKAGE BODY, EVENT
  std::string name;
  std::string table;  ///< of a trigger
  std::string sql;    ///< names no schema of its own; bytes in `client_charset`
  std::string sql_mode;
  std::string client_charset;
  std::string collation;         ///< of the connection
  std::string time_zone;         ///< of an event
  std::string schema_collation;  ///< the schema's default when it was made
  bool operator==(const SchemaObject&) const = default;
};

using SchemaObjects = std::vector<SchemaObject>;

/// By table, in the order in which they fire.
SchemaObjects read_triggers(Connection& connection, const std::string& schema);
/// Routines, views and events, in this order and by name. Throws Error(engine) for what may not be
/// read.
SchemaObjects read_objects(Connection& connection, const std::string& schema);

/// Makes and drops objects of one schema.
class ObjectMaker {
 public:
  /// The schema must exist.
  ObjectMaker(Connection& connection, std::string schema);

  /// In this order; views are tried again as long as any can be made. Those that need what is not
  /// there, and were broken where they come from, are left out.
  void make(const SchemaObjects& objects);
  void drop(const SchemaObject& object);
  /// Tells, once, whose objects now run as us because we may not make them otherwise, and which
  /// views were left out, with their definitions.
  void report(const std::function<void(const std::string&)>& notice);

 private:
  void make_one(const SchemaObject& object);
  [[nodiscard]] std::string statement(const SchemaObject& object);

  Connection& connection_;
  std::string schema_;
  std::string user_;
  bool may_set_definer_;
  std::vector<std::string> rewritten_;
  SchemaObjects left_out_;
};

/// Events of a parked copy must not run: those that would are there as DISABLE ON SLAVE.
SchemaObjects parked_form(SchemaObjects objects);
/// The other way round.
SchemaObjects live_form(SchemaObjects objects);

}  // namespace quemsi::mysql_engine
