#include "support/server_side.hpp"

#include "support/mariadb_server.hpp"
#include "support/postgres_server.hpp"

namespace quemsi::test {
namespace {

template <class Call>
bool succeeds(const Call& call) {
  try {
    call();
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

class PostgresqlSide final : public ServerSide {
 public:
  PostgresqlSide() : server_(shared_postgres()) {}
  explicit PostgresqlSide(const std::filesystem::path& folder)
      : own_(std::make_unique<PostgresServer>(PostgresOptions{.parent = folder})), server_(*own_) {}

  void create(const std::string& name) const override { server_.create(name); }
  void allow(const std::string& /*name*/) const override {}  // CREATEDB is for any name
  void drop(const std::string& name) const override { server_.drop(name); }
  void drop_parked() const override { server_.drop_parked(); }
  [[nodiscard]] int parked() const override {
    return std::stoi(
        server_.admin("SELECT COUNT(*) FROM pg_database WHERE datname LIKE 'quemsi\\_%'"));
  }
  [[nodiscard]] bool exists(const std::string& name) const override {
    return !server_.admin("SELECT 1 FROM pg_database WHERE datname = " + sql_text(name)).empty();
  }
  [[nodiscard]] std::string url(const std::string& name) const override {
    return server_.url(name);
  }
  [[nodiscard]] std::string url(const std::string& name,
                                const std::filesystem::path& folder) const override {
    std::string text = server_.url(name);
    const std::size_t host = text.find('@') + 1;
    return text.erase(host, text.rfind('/') - host) + "?host=" + folder.string();
  }
  [[nodiscard]] std::filesystem::path socket() const override {
    return socket_in(server_.socket_folder());
  }
  [[nodiscard]] std::filesystem::path socket_in(
      const std::filesystem::path& folder) const override {
    return folder / ".s.PGSQL.5432";
  }
  void crash() const override { server_.stop_immediately(); }
  void start() const override { server_.start(); }
  [[nodiscard]] bool answers() const override {
    return succeeds([this] { server_.admin("SELECT 1"); });
  }
  std::string sql(const std::string& url, const std::string& text) const override {
    return PostgresServer::psql(url, text);
  }
  [[nodiscard]] std::string dump(const std::string& url) const override {
    return PostgresServer::dump(url);
  }
  void limit_connections(std::optional<int> most) const override {
    server_.admin("ALTER ROLE app CONNECTION LIMIT " + std::to_string(most.value_or(-1)));
  }

 private:
  std::unique_ptr<PostgresServer> own_;
  PostgresServer& server_;
};

class MariadbSide final : public ServerSide {
 public:
  MariadbSide() : server_(shared_mariadb()) {}
  explicit MariadbSide(const std::filesystem::path& folder)
      : own_(std::make_unique<MariadbServer>(MariadbOptions{.parent = folder})), server_(*own_) {}

  void create(const std::string& name) const override { server_.create(name); }
  void allow(const std::string& name) const override { server_.grant(name); }
  void drop(const std::string& name) const override { server_.drop(name); }
  void drop_parked() const override { server_.drop_parked(); }
  [[nodiscard]] int parked() const override {
    return std::stoi(server_.admin(
        "SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name LIKE 'quemsi\\_%'"));
  }
  [[nodiscard]] bool exists(const std::string& name) const override {
    return !server_
                .admin("SELECT 1 FROM information_schema.schemata WHERE schema_name = " +
                       mariadb_text(name))
                .empty();
  }
  [[nodiscard]] std::string url(const std::string& name) const override {
    return server_.url(name);
  }
  [[nodiscard]] std::string url(const std::string& name,
                                const std::filesystem::path& folder) const override {
    const std::string text = server_.url(name);
    return text.substr(0, text.find('?')) + "?socket=" + socket_in(folder).string();
  }
  [[nodiscard]] std::filesystem::path socket() const override { return server_.socket(); }
  [[nodiscard]] std::filesystem::path socket_in(
      const std::filesystem::path& folder) const override {
    return folder / "s";
  }
  void crash() const override { server_.stop_immediately(); }
  void start() const override { server_.start(); }
  [[nodiscard]] bool answers() const override {
    return succeeds([this] { server_.admin("SELECT 1"); });
  }
  std::string sql(const std::string& url, const std::string& text) const override {
    return MariadbServer::client(url, text);
  }
  [[nodiscard]] std::string dump(const std::string& url) const override {
    return MariadbServer::dump_url(url);
  }
  void limit_connections(std::optional<int> most) const override {
    server_.admin("ALTER USER app@localhost WITH MAX_USER_CONNECTIONS " +
                  std::to_string(most.value_or(0)));
  }

 private:
  std::unique_ptr<MariadbServer> own_;
  MariadbServer& server_;
};

template <class Side>
ServerKind kind(const char* name) {
  return {name, []() -> std::unique_ptr<ServerSide> { return std::make_unique<Side>(); },
          [](const std::filesystem::path& folder) -> std::unique_ptr<ServerSide> {
            return std::make_unique<Side>(folder);
          }};
}

}  // namespace

ServerKind postgresql_kind() { return kind<PostgresqlSide>("PostgreSQL"); }

ServerKind mariadb_kind() { return kind<MariadbSide>("MariaDB"); }

}  // namespace quemsi::test
