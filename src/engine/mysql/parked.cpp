#include "engine/mysql/parked.hpp"

#include <algorithm>

#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {

ParkedDraft::ParkedDraft(const Server& server, const ParkedRegistry& registry,
                         Connection& connection, ParkedName name)
    : server_(server),
      registry_(registry),
      name_(std::move(name)),
      identity_(server_identity(connection)) {
  if (find_schema(connection, name_.str())) {
    throw Error(ErrorKind::engine, "the parked copy " + name_.str() + " exists");
  }
  registry_.mark_draft(name_, identity_);
}

ParkedDraft::ParkedDraft(const Server& server, const ParkedRegistry& registry,
                         Connection& connection, ParkedName name, const SchemaFacts& facts)
    : ParkedDraft(server, registry, connection, std::move(name)) {
  try {
    create_schema(connection, name_.str(), facts);
  } catch (const Error&) {
    if (connection.error_code() == code::schema_exists) give_up();
    throw;
  }
}

ParkedDraft::~ParkedDraft() {
  if (kept_) return;
  try {
    drop_parked(server_, registry_, name_);
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): its marker stays, and says so
  }
}

void ParkedDraft::keep() {
  registry_.mark(name_, identity_);
  kept_ = true;
}

void ParkedDraft::give_up() {
  registry_.unmark(name_);
  kept_ = true;
}

std::vector<ParkedInfo> list_parked(const Server& server, const ParkedRegistry& registry) {
  Connection connection = server.connect();
  std::vector<ParkedInfo> found;
  for (const ParkedName& name : registry.marked(server_identity(connection))) {
    if (!find_schema(connection, name.str())) continue;
    found.push_back({name, std::max<std::uint64_t>(1, schema_bytes(connection, name.str()))});
  }
  return found;
}

void check_parked(Connection& connection, const ParkedRegistry& registry, const ParkedName& name) {
  const bool ours = registry.is_marked(name, server_identity(connection));
  if (ours && find_schema(connection, name.str())) return;
  throw Error(ErrorKind::engine, "there is no parked copy " + name.str());
}

void drop_parked(const Server& server, const ParkedRegistry& registry, const ParkedName& name) {
  Connection connection = server.connect();
  const std::string identity = server_identity(connection);
  if (!registry.is_marked(name, identity) && !registry.is_draft(name, identity)) return;
  connection.execute("DROP DATABASE IF EXISTS " + quote_identifier(name.str()));
  registry.unmark(name);
}

}  // namespace quemsi::mysql_engine
