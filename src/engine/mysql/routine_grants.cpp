#include "engine/mysql/routine_grants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/mysql/kept.hpp"
#include "engine/mysql/privileges.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

using nlohmann::json;

/// GRANT must not make a user who is no longer there.
class NoNewUsers {
 public:
  explicit NoNewUsers(Connection& connection) : connection_(connection) {
    if (connection.is_mariadb()) connection.execute("SET sql_mode = 'NO_AUTO_CREATE_USER'");
  }
  ~NoNewUsers() {
    try {
      connection_.execute("SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'");
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the next statement will say so
    }
  }
  NoNewUsers(const NoNewUsers&) = delete;
  NoNewUsers& operator=(const NoNewUsers&) = delete;

 private:
  Connection& connection_;
};

bool is_routine(const SchemaObject& object) {
  return object.kind != "VIEW" && object.kind != "EVENT";
}

bool is_of_one(const RoutineGrant& grant, const SchemaObjects& objects) {
  return std::ranges::any_of(objects, [&](const SchemaObject& object) {
    return object.kind == grant.kind && object.name == grant.name;
  });
}

/// A role has no host.
std::string grantee_text(const std::string& user, const std::string& host) {
  return host.empty() ? quote_identifier(user) : quoted_user(user + "@" + host);
}

/// The server takes the bytes of a name for Latin-1 when it records a privilege on a routine.
std::string as_recorded(const std::string& name) {
  return "CONVERT(CAST(" + name + " AS BINARY) USING latin1)";
}

/// `privileges`: "Execute,Alter Routine,Grant", as the server lists them.
std::string grant_statement(const std::string& privileges, const std::string& routine,
                            const std::string& user) {
  std::vector<std::string> names = split(privileges, ',');
  const bool may_grant = std::erase(names, "Grant") > 0;
  return fmt::format("GRANT {} ON {} TO {}{}", names.empty() ? "USAGE" : join(names, ", "), routine,
                     user, may_grant ? " WITH GRANT OPTION" : "");
}

}  // namespace

RoutineGrants::RoutineGrants(const Server& server, Connection& connection,
                             const ParkedRegistry& registry, const std::string& schema)
    : server_(server),
      connection_(connection),
      registry_(registry),
      schema_(schema),
      key_(key_of_notes(connection, schema) + "-grants") {}

std::vector<RoutineGrant> RoutineGrants::lookup() {
  const std::string name = quote_literal(schema_);
  const Result rows = connection_.query(fmt::format(
      "SELECT p.routine_type, r.routine_name, p.proc_priv, p.user, p.host FROM mysql.procs_priv p "
      "JOIN information_schema.routines r ON {} AND r.routine_type = p.routine_type AND "
      "LOWER(p.routine_name) = LOWER({}) WHERE p.db = IF(@@lower_case_table_names = 0, {}, {}) AND "
      "CONCAT(p.user, '@', p.host) <> CURRENT_USER() ORDER BY 1, 2, 4, 5",
      is_named("r.routine_schema", schema_), as_recorded("r.routine_name"), as_recorded(name),
      as_recorded("LOWER(" + name + ")")));
  std::vector<RoutineGrant> grants;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const std::string routine = rows.str(i, 0) + " " + qualified(schema_, rows.str(i, 1));
    grants.push_back(
        {rows.str(i, 0), rows.str(i, 1),
         grant_statement(rows.str(i, 2), routine, grantee_text(rows.str(i, 3), rows.str(i, 4)))});
  }
  return grants;
}

/// None where they may not be seen, which is told.
std::vector<RoutineGrant> RoutineGrants::read() {
  try {
    return lookup();
  } catch (const Error&) {
    if (connection_.lost()) throw;
  }
  server_.once().remember(
      once::routine_grants,
      fmt::format("what others were granted on a routine of {} is lost when a switch has to drop "
                  "it, for it cannot be seen; as an administrator: GRANT SELECT ON "
                  "mysql.procs_priv TO {};",
                  schema_, grantee(connection_)));
  return {};
}

std::vector<RoutineGrant> RoutineGrants::kept() const {
  std::vector<RoutineGrant> grants;
  const json list = json::parse(registry_.note(key_), nullptr, false);
  if (!list.is_array()) return grants;
  for (const json& item : list) grants.push_back({item.at(0), item.at(1), item.at(2)});
  return grants;
}

void RoutineGrants::write(const std::vector<RoutineGrant>& grants) const {
  json list = json::array();
  for (const RoutineGrant& grant : grants) {
    list.push_back(json::array({grant.kind, grant.name, grant.statement}));
  }
  const std::string text = grants.empty() ? std::string() : list.dump() + "\n";
  if (registry_.note(key_) != text) registry_.write_note(key_, text);
}

void RoutineGrants::keep(const SchemaObjects& objects) {
  SchemaObjects routines;
  std::ranges::copy_if(objects, std::back_inserter(routines), is_routine);
  if (routines.empty()) return;
  std::vector<RoutineGrant> grants = kept();
  std::erase_if(grants, [&](const RoutineGrant& item) { return is_of_one(item, routines); });
  for (RoutineGrant& item : read()) {
    if (is_of_one(item, routines)) grants.push_back(std::move(item));
  }
  write(grants);
}

bool RoutineGrants::grant(const RoutineGrant& item) {
  try {
    connection_.execute(item.statement);
    return true;
  } catch (const Error&) {
    if (connection_.lost()) throw;
    return false;
  }
}

void RoutineGrants::give_back(const SchemaObjects& objects) {
  std::vector<RoutineGrant> grants = kept();
  if (grants.empty()) return;
  std::vector<std::string> refused;
  {
    const NoNewUsers setting(connection_);
    std::erase_if(grants, [&](const RoutineGrant& item) {
      if (!is_of_one(item, objects)) return false;
      if (grant(item)) return true;
      refused.push_back(item.statement + ";");
      return false;
    });
  }
  write(grants);
  if (refused.empty()) return;
  server_.notice(
      "routines were made again that others may use, whom only an administrator can let: " +
      join(refused, " "));
}

}  // namespace quemsi::mysql_engine
