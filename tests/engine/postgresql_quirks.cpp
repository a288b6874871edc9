#include "engine/postgresql_quirks.hpp"

#include <vector>

#include "engine/postgresql_client.hpp"
#include "support/postgres_server.hpp"
#include "util/text.hpp"

namespace quemsi::test {
namespace {

constexpr const char* schema = R"(
CREATE TABLE items(id INTEGER PRIMARY KEY, label TEXT);
CREATE INDEX items_by_label ON items(label);
CREATE VIEW labels AS SELECT label FROM items;
CREATE FUNCTION no_empty() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN IF new.label = '' THEN RAISE EXCEPTION 'empty'; END IF; RETURN new; END$$;
CREATE TRIGGER no_empty BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION no_empty();)";

class PostgresqlQuirks final : public Quirks {
 public:
  PostgresqlQuirks() = default;
  /// Databases are the server's, not a folder's: the next test would find them.
  ~PostgresqlQuirks() override {
    for (const std::string& name : used_) server_.drop(name);
    for (const std::string& name :
         split(server_.admin("SELECT datname FROM pg_database WHERE datname LIKE 'quemsi\\_%'"),
               '\n')) {
      if (!name.empty()) server_.drop(name);
    }
  }
  PostgresqlQuirks(const PostgresqlQuirks&) = delete;
  PostgresqlQuirks& operator=(const PostgresqlQuirks&) = delete;

  [[nodiscard]] std::string engine() const override { return "postgresql"; }

  DatabaseSpec absent(const std::filesystem::path& /*folder*/, const std::string& name) override {
    server_.drop(name);
    used_.push_back(name);
    return {.name = name, .engine = "postgresql", .url = server_.url(name)};
  }

  DatabaseSpec create(const std::filesystem::path& folder, const std::string& name) override {
    DatabaseSpec spec = absent(folder, name);
    server_.create(name);
    run(spec.url, schema);
    return spec;
  }

  std::string run(const std::string& url, const std::string& sql) override {
    return PostgresServer::psql(url, sql);
  }

  std::string dump(const std::string& url) override { return PostgresServer::dump(url); }

  std::unique_ptr<Application> connect(const std::string& url) override {
    return std::make_unique<PostgresApplication>(url);
  }

  [[nodiscard]] std::string begin_reading() const override {
    return "BEGIN; SELECT count(*) FROM items";
  }
  [[nodiscard]] std::string begin_writing() const override {
    return "BEGIN; UPDATE items SET label = label";
  }
  [[nodiscard]] bool readers_block_swap() const override { return true; }
  [[nodiscard]] bool connections_block_swap() const override { return true; }
  [[nodiscard]] bool copies_end_proofs() const override { return true; }
  [[nodiscard]] bool tells_schemas_apart() const override { return true; }

 private:
  PostgresServer& server_ = shared_postgres();
  std::vector<std::string> used_;
};

}  // namespace

std::unique_ptr<Quirks> make_postgresql_quirks() { return std::make_unique<PostgresqlQuirks>(); }

}  // namespace quemsi::test
