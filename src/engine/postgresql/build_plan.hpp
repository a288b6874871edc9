// What of the schema behind the rows can be built at the same time.
#pragma once

#include <string>
#include <vector>

#include "engine/postgresql/script.hpp"

namespace quemsi::postgresql_engine {

struct BuildStep {
  std::vector<const ScriptItem*> items;  ///< in order
  /// The tables that it locks, as the statement names them; none: nothing may go on beside it.
  std::vector<std::string> tables;
};

/// In pg_dump's order, in which everything comes after what it needs. Indexes and constraints of
/// different tables can be built side by side; foreign keys lock two tables.
std::vector<BuildStep> plan_build(const Script& script);

}  // namespace quemsi::postgresql_engine
