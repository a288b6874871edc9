#include "engine/postgresql_quirks.hpp"

#include <vector>

#include "engine/memory_image.hpp"
#include "engine/postgresql_client.hpp"
#include "support/postgres_server.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::test {
namespace {

constexpr const char* schema = R"(
CREATE TABLE items(id INTEGER PRIMARY KEY, label TEXT);
CREATE INDEX items_by_label ON items(label);
CREATE VIEW labels AS SELECT label FROM items;
CREATE FUNCTION no_empty() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN IF new.label = '' THEN RAISE EXCEPTION 'empty'; END IF; RETURN new; END$$;
CREATE TRIGGER no_empty BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION no_empty();)";

class PostgresqlQuirks : public Quirks {
 public:
  PostgresqlQuirks() = default;
  /// Databases are the server's, not a folder's: the next test would find them.
  ~PostgresqlQuirks() override {
    for (const std::string& name : used_) server_.drop(name);
    server_.drop_parked();
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

 protected:
  PostgresServer& server_ = shared_postgres();

 private:
  std::vector<std::string> used_;
};

/// By a role that owns its databases and may make none: copies are files. What is in them is told
/// by building them elsewhere, as an administrator who may.
class InPlaceQuirks final : public PostgresqlQuirks {
 public:
  explicit InPlaceQuirks(std::filesystem::path module_dir) : registry_(std::move(module_dir)) {}

  DatabaseSpec absent(const std::filesystem::path& folder, const std::string& name) override {
    DatabaseSpec spec = PostgresqlQuirks::absent(folder, name);
    spec.url = server_.url(name, "plain");
    return spec;
  }

  DatabaseSpec vacant(const std::filesystem::path& folder, const std::string& name) override {
    DatabaseSpec spec = absent(folder, name);
    server_.create(name);
    server_.admin("ALTER DATABASE " + sql_name(name) + " OWNER TO plain");
    return spec;
  }

  DatabaseSpec create(const std::filesystem::path& folder, const std::string& name) override {
    DatabaseSpec spec = vacant(folder, name);
    run(spec.url, schema);
    return spec;
  }

  std::string readable(Database& database, const ParkedName& name) override {
    MemoryImage image;
    database.open_parked(name)->write(image, no_progress());
    const ParkedName copy = parked_name(new_image_id());
    const auto administrator = registry_.open(
        {.name = "reader", .engine = "postgresql", .url = server_.url("reader", "postgres")},
        {.top = folder_.path(), .state_dir = folder_.path()});
    administrator->materialise(image, copy, no_progress());
    return administrator->parked_url(copy);
  }

  [[nodiscard]] bool connections_block_swap() const override { return false; }
  [[nodiscard]] bool copies_end_proofs() const override { return false; }
  [[nodiscard]] bool has_parked_urls() const override { return false; }
  [[nodiscard]] bool makes_databases() const override { return false; }

 private:
  TempDir folder_;
  EngineRegistry registry_;
};

}  // namespace

std::unique_ptr<Quirks> make_in_place_quirks(const std::filesystem::path& module_dir) {
  return std::make_unique<InPlaceQuirks>(module_dir);
}

std::unique_ptr<Quirks> make_postgresql_quirks() { return std::make_unique<PostgresqlQuirks>(); }

}  // namespace quemsi::test
