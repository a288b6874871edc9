#include "engine/postgresql/session.hpp"

#include "engine/postgresql/dispensable.hpp"
#include "engine/postgresql/watched.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr std::string_view deadlock = "40P01";
constexpr std::string_view undefined_object = "42704";

/// The first line says which object it is about.
Error explained(Error error, const ScriptItem& item) {
  error.cause("while making: " + item.header);
  const std::string what = error.what();
  if (error.sqlstate() == undefined_object && what.find("role") != std::string::npos) {
    error.hint("make the role that is missing, for instance: CREATE ROLE name;");
  }
  if (item.type == "SECURITY LABEL") {
    error.hint(
        "the server must load the extension whose labels these are, as the other one did: see "
        "shared_preload_libraries");
  }
  if (error.sqlstate() == sqlstate::no_privilege && item.type == "EXTENSION") {
    error.hint(
        "only a superuser can install this extension; for development, as a superuser: "
        "ALTER ROLE name SUPERUSER;");
  }
  return error;
}

}  // namespace

BuildSession::BuildSession(Connection connection) : connection_(std::move(connection)) {
  // pg_dump writes amounts of money as its own session does.
  connection_.execute(
      "SET synchronous_commit = off; SET maintenance_work_mem = '256MB'; "
      "SET check_function_bodies = off; RESET lc_monetary");
}

void BuildSession::run(const ScriptItem& item, Progress& progress) {
  for (const auto& [name, statement] : item.settings) {
    if (settings_[name] == statement) continue;
    connection_.execute(statement);
    settings_[name] = statement;
  }
  if (is_dispensable(item)) {
    try_statements(item, progress);
  } else {
    run_statements(item, progress);
  }
}

void BuildSession::run_statements(const ScriptItem& item, Progress& progress) {
  for (const std::string& statement : item.statements) {
    progress.check_cancelled();
    try {
      run_statement(statement, progress);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::cancelled) throw;
      throw explained(error, item);
    }
  }
}

void BuildSession::try_statements(const ScriptItem& item, Progress& progress) {
  const bool nested = connection_.in_transaction();
  if (nested) connection_.execute("SAVEPOINT dispensable");
  try {
    run_statements(item, progress);
  } catch (const Error& error) {
    if (error.sqlstate() != sqlstate::no_privilege) throw;
    if (nested) connection_.execute("ROLLBACK TO SAVEPOINT dispensable");
    if (!holds_already(connection_, item)) left_out_.push_back(postgresql_engine::left_out(item));
  }
  if (nested) connection_.execute("RELEASE SAVEPOINT dispensable");
}

void BuildSession::run_statement(const std::string& sql, Progress& progress) {
  constexpr int tries = 5;
  for (int i = 1;; ++i) {
    try {
      return run_watched(connection_, sql, progress);
    } catch (const Error& error) {
      // In a longer transaction nothing can be tried again.
      if (error.sqlstate() != deadlock || i == tries || connection_.in_transaction()) throw;
    }
  }
}

void BuildSession::flush() {
  // A commit waits for the disk only if its transaction wrote to the log.
  connection_.execute("SET synchronous_commit = on");
  connection_.execute("SELECT pg_logical_emit_message(true, 'git-quemsi', '')");
}

}  // namespace quemsi::postgresql_engine
