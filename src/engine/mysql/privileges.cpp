#include "engine/mysql/privileges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

using Privileges = std::vector<std::string>;

/// The first MySQL that has them.
constexpr unsigned long oldest_with_system_users = 80016;

bool is_ours(Connection& connection, const Privileges& any) {
  Privileges literals;
  literals.reserve(any.size());
  for (const std::string& privilege : any) literals.push_back(quote_literal(privilege));
  return connection
             .query(fmt::format("SELECT 1 FROM information_schema.user_privileges WHERE {} AND "
                                "privilege_type IN ({}) LIMIT 1",
                                is_our_grant(connection), join(literals, ", ")))
             .rows() > 0;
}

/// "GRANT RELOAD, PROCESS ON *.* TO ..." as these two; none of a grant on anything less.
Privileges on_everything(const std::string& grant) {
  constexpr std::string_view start = "GRANT ";
  const std::size_t end = grant.find(" ON *.* TO ");
  if (!grant.starts_with(start) || end == std::string::npos) return {};
  return split(grant.substr(start.size(), end - start.size()), ',');
}

/// MySQL shows what roles let one do when they are named; MariaDB does when the active one is ours.
bool is_our_roles(Connection& connection, const Privileges& any) {
  if (!has_role(connection)) return false;
  const std::string named =
      connection.is_mariadb()
          ? ""
          : " FOR CURRENT_USER() USING " + connection.constant("SELECT CURRENT_ROLE()");
  const Result grants = connection.query("SHOW GRANTS" + named);
  for (std::size_t i = 0; i < grants.rows(); ++i) {
    for (const std::string& given : on_everything(grants.str(i, 0))) {
      const std::string name(trim(given));
      if (name == "ALL PRIVILEGES" || std::ranges::count(any, name) > 0) return true;
    }
  }
  return false;
}

bool has_one_of(Connection& connection, const Privileges& any) {
  return is_ours(connection, any) || is_our_roles(connection, any);
}

}  // namespace

std::string current_user(Connection& connection) {
  return connection.constant("SELECT CURRENT_USER()");
}

std::string quoted_user(const std::string& user) {
  const std::size_t at = user.rfind('@');
  return quote_identifier(user.substr(0, at)) + "@" +
         quote_identifier(user.substr(std::min(at + 1, user.size())));
}

std::string grantee(Connection& connection) { return grantee_of(current_user(connection)); }

std::string grantee_of(const std::string& user) {
  const std::size_t at = user.rfind('@');
  return quote_literal(user.substr(0, at)) + "@" + quote_literal(user.substr(at + 1));
}

bool has_role(Connection& connection) {
  constexpr unsigned long first_mysql_with_roles = 80000;
  if (!connection.is_mariadb() && connection.version() < first_mysql_with_roles) return false;
  const std::string& role = connection.constant("SELECT CURRENT_ROLE()");
  return !role.empty() && role != "NONE";
}

bool has_privilege(Connection& connection, const std::string& privilege) {
  return has_one_of(connection, {privilege});
}

std::string is_our_grant(Connection& connection) {
  const std::string user = current_user(connection);
  const std::size_t at = user.rfind('@');
  const std::string grantee =
      fmt::format("'{}'@'{}'", user.substr(0, at), user.substr(std::min(at + 1, user.size())));
  return "BINARY grantee = " + quote_literal(grantee);
}

bool may_set_definer(Connection& connection) {
  return has_one_of(connection, {"SUPER", "SET USER", "SET_USER_ID", "SET_ANY_DEFINER"});
}

bool may_touch_system_users(Connection& connection) {
  return connection.is_mariadb() || connection.version() < oldest_with_system_users ||
         has_privilege(connection, "SYSTEM_USER");
}

const char* definer_privileges(const Connection& connection) {
  constexpr unsigned long oldest_with_set_user_id = 80000;
  constexpr unsigned long oldest_with_any = 80200;
  if (connection.is_mariadb()) return "SET USER";
  if (connection.version() < oldest_with_set_user_id) return "SUPER";
  if (connection.version() < oldest_with_system_users) return "SET_USER_ID";
  return connection.version() >= oldest_with_any ? "SET_ANY_DEFINER, SYSTEM_USER"
                                                 : "SET_USER_ID, SYSTEM_USER";
}

}  // namespace quemsi::mysql_engine
