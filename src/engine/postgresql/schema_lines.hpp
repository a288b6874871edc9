// A line for each thing that a database's schema consists of.
#pragma once

#include <string>

namespace quemsi::postgresql_engine {

/// A query for them, in no order. No OID is in them: they are the same for the same schema in
/// another database. What extensions bring along is told by their versions.
std::string schema_lines(int version);

}  // namespace quemsi::postgresql_engine
