#include "engine/mysql/binary_log.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/mysql/privileges.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

std::vector<std::string> names_of_logged(const SchemaObjects& objects) {
  std::vector<std::string> names;
  for (const SchemaObject& object : objects) {
    const bool logged = object.kind == "TRIGGER" || object.kind == "FUNCTION";
    const std::string name = object.kind + " " + object.name;
    if (logged && std::ranges::count(names, name) == 0) names.push_back(name);
  }
  return names;
}

bool trusts(Connection& connection) {
  const Result row = connection.query("SELECT @@log_bin, @@log_bin_trust_function_creators");
  return row.str(0, 0) == "0" || row.str(0, 1) == "1" || has_privilege(connection, "SUPER");
}

}  // namespace

std::optional<Error> binary_log_obstacle(Connection& connection, const SchemaObjects& objects) {
  const std::vector<std::string> names = names_of_logged(objects);
  if (names.empty() || trusts(connection)) return std::nullopt;
  const std::string user = grantee(connection);
  return Error(ErrorKind::engine, fmt::format("user {} may not make triggers and functions: {}",
                                              user, join(names, ", ")))
      .cause("the server's binary log is on, and log_bin_trust_function_creators is not")
      .hint("as an administrator: SET GLOBAL log_bin_trust_function_creators = ON;")
      .hint(fmt::format("or, as an administrator: GRANT SUPER ON *.* TO {};", user));
}

void check_binary_log(Connection& connection, const SchemaObjects& objects) {
  if (const auto obstacle = binary_log_obstacle(connection, objects)) throw Error(*obstacle);
}

}  // namespace quemsi::mysql_engine
