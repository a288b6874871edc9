#include "engine/postgresql_world.hpp"

#include "util/text.hpp"

namespace quemsi::postgresql_engine::test {

PostgresqlWorld::PostgresqlWorld(PostgresServer& server) : server_(server) {
  std::filesystem::create_directory(context_.state_dir);
  server_.create(live_);
  fill(live_, "live");
}

PostgresqlWorld::~PostgresqlWorld() {
  server_.drop_parked();
  server_.drop(live_);
}

DatabaseSpec PostgresqlWorld::spec(const std::string& user) const {
  return {.name = "app", .engine = "postgresql", .url = server_.url(live_, user)};
}

void PostgresqlWorld::fill(const std::string& database, const std::string& label) const {
  PostgresServer::psql(url(database),
                       "CREATE TABLE t(id serial PRIMARY KEY, label text);"
                       "INSERT INTO t(label) VALUES (" +
                           sql_text(label) + ")");
}

std::string PostgresqlWorld::label(const std::string& database) const {
  return std::string(trim(PostgresServer::psql(url(database), "SELECT label FROM t WHERE id = 1")));
}

ParkedName PostgresqlWorld::park(const std::string& label) {
  const ParkedName name = new_name();
  const Server server = open();
  const ParkedRegistry parked = registry();
  Connection connection = server.maintenance();
  const bool has_strategies = connection.major() >= 15;
  ParkedDraft draft(
      server, parked, connection, name,
      std::string("TEMPLATE template0") + (has_strategies ? " STRATEGY wal_log" : ""));
  fill(name.str(), label);
  draft.keep();
  return name;
}

SwapPlan PostgresqlWorld::plan(const ParkedName& incoming, const ParkedName& outgoing) const {
  Connection connection = open().maintenance();
  return decode_plan(encode(plan_swap(open(), registry(), connection, incoming, outgoing)));
}

std::optional<Token> PostgresqlWorld::swap(const ParkedName& incoming, const ParkedName& outgoing) {
  return carry_out(plan(incoming, outgoing));
}

std::optional<Token> PostgresqlWorld::carry_out(const SwapPlan& plan) const {
  Connection connection = open().maintenance();
  return exchange(open(), registry(), connection, plan, std::nullopt);
}

std::vector<std::string> PostgresqlWorld::listed() const {
  std::vector<std::string> names;
  for (const ParkedInfo& info : list_parked(open(), registry())) names.push_back(info.name.str());
  return names;
}

bool PostgresqlWorld::exists(const std::string& database) const {
  return server_.admin("SELECT 1 FROM pg_database WHERE datname = " + sql_text(database)) == "1\n";
}

std::string all_of(const Error& error) {
  std::string text = std::string(error.what()) + "\n";
  for (const std::string& cause : error.causes()) text += cause + "\n";
  for (const std::string& hint : error.hints()) text += hint + "\n";
  return text;
}

}  // namespace quemsi::postgresql_engine::test
