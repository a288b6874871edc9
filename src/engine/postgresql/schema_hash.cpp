#include "engine/postgresql/schema_hash.hpp"

#include "engine/postgresql/schema_lines.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// One row, in one round trip.
std::string hash_query(int version) {
  return "SELECT encode(sha256(convert_to("
         "coalesce(string_agg(line, E'\\n' ORDER BY line COLLATE \"C\"), ''), 'UTF8')), 'hex') "
         "FROM (" +
         schema_lines(version) + ") lines";
}

}  // namespace

std::optional<std::string> schema_hash(const Server& server) {
  try {
    Connection connection = server.connect(server.live());
    return connection.query(hash_query(connection.version())).str(0, 0);
  } catch (const Error& error) {
    if (error.sqlstate() == sqlstate::no_database) return std::nullopt;
    throw;
  }
}

}  // namespace quemsi::postgresql_engine
