// Whom objects run as: their DEFINER, and what the configuration wants of it (`definers`).
//
// Rewritten definers are no difference: an object that is there already, and differs in nothing
// else, stays what it is, with the definer that it has. What is rewritten keeps its SQL SECURITY.
#pragma once

#include <string>
#include <vector>

#include "engine/mysql/connection.hpp"
#include "engine/mysql/schema_object.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::mysql_engine {

class Definers {
 public:
  Definers(Connection& connection, DefinerPolicy policy);

  [[nodiscard]] DefinerPolicy policy() const noexcept { return policy_; }
  /// The user of the session.
  [[nodiscard]] const std::string& user() const noexcept { return user_; }
  [[nodiscard]] bool is_foreign(const SchemaObject& object) const;
  /// Objects are made with whatever definer they have: one who is another is a change.
  [[nodiscard]] bool are_kept() const;
  /// The statement that makes it, as we may and are to run it.
  [[nodiscard]] std::string statement(const SchemaObject& object) const;
  /// Alike, whoever made them when definers are to be rewritten.
  [[nodiscard]] bool same(const SchemaObject& a, const SchemaObject& b) const;
  [[nodiscard]] bool contains(const SchemaObjects& objects, const SchemaObject& object) const;
  /// Of objects, those that the others do not contain.
  [[nodiscard]] SchemaObjects beyond(const SchemaObjects& objects,
                                     const SchemaObjects& others) const;
  /// Throws Error(engine) for objects that are to keep a definer whom we may not set.
  void check(const SchemaObjects& objects) const;
  /// Those of others: "VIEW v of `root`@`localhost`"
  [[nodiscard]] std::vector<std::string> names_of_foreign(const SchemaObjects& objects) const;

 private:
  DefinerPolicy policy_;
  std::string user_;
  std::string grantee_;
  std::string privileges_;  ///< that are needed for definers of all kinds
  bool may_set_ = false;    ///< some definers
  bool may_set_all_ = false;
};

/// As they would be without their definers.
SchemaObjects without_definers(SchemaObjects objects);
bool same_but_definers(const SchemaObject& a, const SchemaObject& b);

}  // namespace quemsi::mysql_engine
