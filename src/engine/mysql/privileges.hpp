// Whom a session acts as, and what that user may do on the whole server.
#pragma once

#include <string>

#include "engine/mysql/connection.hpp"

namespace quemsi::mysql_engine {

std::string current_user(Connection& connection);
/// "app@localhost" as "`app`@`localhost`", as SHOW CREATE writes it: with its last at sign between.
std::string quoted_user(const std::string& user);
/// 'user'@'host', as GRANT wants it.
std::string grantee(Connection& connection);
std::string grantee_of(const std::string& user);

/// A role is active, which lets its users do what the information schema does not tell of.
bool has_role(Connection& connection);
/// Given to the session's user, or to a role of his that is active.
bool has_privilege(Connection& connection, const std::string& privilege);
/// A condition on what the information schema tells of grants: who may read its tables sees those
/// of others, too.
std::string is_our_grant(Connection& connection);

/// May we make objects that run as somebody else?
bool may_set_definer(Connection& connection);
/// MySQL keeps accounts with the privilege SYSTEM_USER, and what runs as them, from those without.
bool may_touch_system_users(Connection& connection);
/// What an administrator grants who lets this user make, and on MySQL drop, objects of others.
const char* definer_privileges(const Connection& connection);

}  // namespace quemsi::mysql_engine
