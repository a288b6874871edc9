#include "engine/postgresql/materialise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "engine/postgresql/filling.hpp"
#include "engine/postgresql/header.hpp"
#include "engine/postgresql/tablespaces.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr int session_count = 2;

/// The owner that the database had, where we may give it away.
std::string owner_option(Connection& connection, const Properties& properties) {
  const char* right = connection.major() >= 16 ? "SET" : "MEMBER";
  const Result role =
      connection.query("SELECT pg_has_role(oid, $2) FROM pg_roles WHERE rolname::text = $1",
                       properties.owner, right);
  if (role.rows() == 0 || !role.boolean(0, 0)) return {};
  return " OWNER " + quote_identifier(properties.owner);
}

std::vector<BuildSession> open_sessions(const Server& server, const std::string& database) {
  std::vector<BuildSession> sessions;
  sessions.reserve(session_count);
  for (int i = 0; i < session_count; ++i) sessions.emplace_back(server.connect(database));
  return sessions;
}

}  // namespace

void materialise(const Server& server, const ParkedRegistry& registry, const ImageSource& image,
                 const ParkedName& to, Progress& progress) {
  const ImageReader reader(image);
  const Properties properties = properties_from(reader.header().attributes);
  Connection connection = server.maintenance();
  progress.begin("building " + to.str(), rows_bytes(reader));
  std::vector<std::string> lost;
  const std::string tablespace = tablespace_option(connection, reader.header(), lost);
  ParkedDraft draft(server, registry, connection, to,
                    create_options(reader.header(), connection.version()) + tablespace +
                        owner_option(connection, properties),
                    progress);
  std::vector<BuildSession> sessions = open_sessions(server, draft.database());
  if (lacks_public_schema(reader.header())) {
    sessions.front().connection().execute("DROP SCHEMA public");
  }
  Script pre_data = reader.pre_data();
  Script post_data = reader.post_data();
  settle_tablespaces(sessions.front().connection(), pre_data, lost);
  settle_tablespaces(sessions.front().connection(), post_data, lost);
  fill(reader, pre_data, post_data, sessions, progress, lost);
  sessions.front().flush();
  sessions.clear();
  std::ranges::move(apply_properties(connection, draft.database(), properties),
                    std::back_inserter(lost));
  for (const std::string& line : lost) server.notice(line);
  draft.keep();
  progress.end();
}

}  // namespace quemsi::postgresql_engine
