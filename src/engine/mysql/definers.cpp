#include "engine/mysql/definers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/mysql/definitions.hpp"
#include "engine/mysql/privileges.hpp"
#include "engine/mysql/server.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {

Definers::Definers(Connection& connection, DefinerPolicy policy)
    : policy_(policy),
      user_(current_user(connection)),
      grantee_(grantee_of(user_)),
      privileges_(definer_privileges(connection)),
      may_set_(may_set_definer(connection)),
      may_set_all_(may_set_ && may_touch_system_users(connection)) {}

bool Definers::is_foreign(const SchemaObject& object) const {
  const auto definer = definer_of(object.sql);
  return definer && *definer != quoted_user(user_);
}

bool Definers::are_kept() const {
  return policy_ == DefinerPolicy::keep || (policy_ == DefinerPolicy::automatic && may_set_);
}

std::string Definers::statement(const SchemaObject& object) const {
  if (!is_foreign(object)) return object.sql;
  check({object});
  return are_kept() ? object.sql : without_definer(object.sql);
}

bool Definers::same(const SchemaObject& a, const SchemaObject& b) const {
  if (policy_ != DefinerPolicy::rewrite) return a == b;
  return same_but_definers(a, b);
}

bool Definers::contains(const SchemaObjects& objects, const SchemaObject& object) const {
  return std::ranges::any_of(objects,
                             [&](const SchemaObject& other) { return same(other, object); });
}

SchemaObjects Definers::beyond(const SchemaObjects& objects, const SchemaObjects& others) const {
  SchemaObjects rest;
  std::ranges::copy_if(objects, std::back_inserter(rest),
                       [&](const SchemaObject& object) { return !contains(others, object); });
  return rest;
}

void Definers::check(const SchemaObjects& objects) const {
  if (policy_ != DefinerPolicy::keep || may_set_all_) return;
  const std::vector<std::string> names = names_of_foreign(objects);
  if (names.empty()) return;
  throw Error(ErrorKind::engine,
              fmt::format("user {} may not make objects that run as others, and `definers: keep` "
                          "does not let them run as it: {}",
                          grantee_, join(names, ", ")))
      .hint(fmt::format("as an administrator: GRANT {} ON *.* TO {};", privileges_, grantee_))
      .hint("or let them run as that user: git config quemsi.definers rewrite");
}

std::vector<std::string> Definers::names_of_foreign(const SchemaObjects& objects) const {
  std::vector<std::string> names;
  for (const SchemaObject& object : objects) {
    const auto definer = definer_of(object.sql);
    if (!definer || *definer == quoted_user(user_)) continue;
    names.push_back(fmt::format("{} {} of {}", object.kind, object.name, *definer));
  }
  return names;
}

SchemaObjects without_definers(SchemaObjects objects) {
  for (SchemaObject& object : objects) object.sql = without_definer(object.sql);
  return objects;
}

bool same_but_definers(const SchemaObject& a, const SchemaObject& b) {
  return without_definers({a}) == without_definers({b});
}

}  // namespace quemsi::mysql_engine
