// Reading and making what of a schema is not a table.
#pragma once

#include <string>
#include <vector>

#include "engine/mysql/connection.hpp"
#include "engine/mysql/definers.hpp"
#include "engine/mysql/schema_object.hpp"
#include "engine/mysql/server.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {

/// By table, in the order in which they fire.
SchemaObjects read_triggers(Connection& connection, const std::string& schema);
/// Routines, views and events, in this order and by name. Throws Error(engine) for what may not be
/// read.
SchemaObjects read_objects(Connection& connection, const std::string& schema);
/// Into that order, in which they can be made.
void sort_objects(SchemaObjects& objects);

/// A view that could not be made.
struct LeftOut {
  SchemaObject view;
  Error why;
  bool lacks_something = true;  ///< false: we may not make it
};

/// Makes and drops objects of one schema.
class ObjectMaker {
 public:
  /// The schema must exist.
  ObjectMaker(const Server& server, Connection& connection, std::string schema);

  /// In this order; views are tried again as long as any can be made. Those that the server does
  /// not take are left out: they need what is not there.
  void make(const SchemaObjects& objects);
  void drop(const SchemaObject& object);
  [[nodiscard]] const std::vector<LeftOut>& left_out() const noexcept { return left_out_; }
  [[nodiscard]] const Definers& definers() const noexcept { return definers_; }
  /// Tells whose objects now run as us because we may not make them otherwise. That they run as us
  /// because they are to is told once only.
  void report();

 private:
  void make_one(const SchemaObject& object, const std::string& statement);
  std::vector<LeftOut> try_views(const SchemaObjects& views);
  void run(const SchemaObject& object, const std::string& statement);

  const Server& server_;
  Connection& connection_;
  std::string schema_;
  Definers definers_;
  SchemaObjects rewritten_;
  std::vector<LeftOut> left_out_;
};

/// What is told when an object cannot be made again, because of `why`.
Error cannot_be_made(const SchemaObject& object, const Error& why);

/// Events of a parked copy must not run: those that would are there as DISABLE ON SLAVE.
SchemaObjects parked_form(SchemaObjects objects);
/// The other way round.
SchemaObjects live_form(SchemaObjects objects);

}  // namespace quemsi::mysql_engine
