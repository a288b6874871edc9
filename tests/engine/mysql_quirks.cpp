#include "engine/mysql_quirks.hpp"

#include <vector>

#include "engine/memory_image.hpp"
#include "engine/mysql/database.hpp"
#include "engine/mysql_client.hpp"
#include "support/mariadb_server.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::test {
namespace {

constexpr const char* schema = R"(
CREATE TABLE items(id INTEGER PRIMARY KEY, label TEXT);
CREATE INDEX items_by_label ON items(label(20));
CREATE VIEW labels AS SELECT label FROM items;
DELIMITER //
CREATE TRIGGER no_empty BEFORE INSERT ON items FOR EACH ROW
  BEGIN IF new.label = '' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'empty'; END IF; END//
DELIMITER ;)";

class MysqlQuirks : public Quirks {
 public:
  MysqlQuirks() = default;
  /// Schemas are the server's, not a folder's: the next test would find them.
  ~MysqlQuirks() override {
    for (const std::string& name : used_) server_.drop(name);
    server_.drop_parked();
  }
  MysqlQuirks(const MysqlQuirks&) = delete;
  MysqlQuirks& operator=(const MysqlQuirks&) = delete;

  [[nodiscard]] std::string engine() const override { return "mysql"; }

  DatabaseSpec absent(const std::filesystem::path& /*folder*/, const std::string& name) override {
    server_.drop(name);
    server_.grant(name);
    used_.push_back(name);
    return {.name = name, .engine = "mysql", .url = server_.url(name)};
  }

  DatabaseSpec create(const std::filesystem::path& folder, const std::string& name) override {
    DatabaseSpec spec = absent(folder, name);
    server_.create(name);
    run(spec.url, schema);
    return spec;
  }

  std::string run(const std::string& url, const std::string& sql) override {
    return MariadbServer::client(url, sql);
  }

  std::string dump(const std::string& url) override { return MariadbServer::dump_url(url); }

  std::unique_ptr<Application> connect(const std::string& url) override {
    return std::make_unique<MysqlApplication>(url);
  }

  [[nodiscard]] std::string begin_reading() const override {
    return "START TRANSACTION; SELECT count(*) FROM items";
  }
  [[nodiscard]] std::string begin_writing() const override {
    return "START TRANSACTION; UPDATE items SET label = concat(label, '')";
  }
  [[nodiscard]] bool readers_block_swap() const override { return true; }
  [[nodiscard]] bool connections_block_swap() const override { return false; }
  [[nodiscard]] bool copies_end_proofs() const override { return true; }

 protected:
  MariadbServer& server_ = shared_mariadb();

 private:
  std::vector<std::string> used_;
};

/// By a user with all privileges on his schemas, and on none else: copies are files. What is in
/// them is told by building them elsewhere, as an administrator who may.
class InPlaceQuirks final : public MysqlQuirks {
 public:
  DatabaseSpec absent(const std::filesystem::path& folder, const std::string& name) override {
    DatabaseSpec spec = MysqlQuirks::absent(folder, name);
    server_.grant_plain(name);
    spec.url = server_.url(name, "plain");
    return spec;
  }

  DatabaseSpec vacant(const std::filesystem::path& folder, const std::string& name) override {
    DatabaseSpec spec = absent(folder, name);
    server_.create(name);
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
    mysql_engine::MysqlDatabase administrator(
        {.name = "reader", .engine = "mysql", .url = server_.url("reader", "root")},
        {.top = folder_.path(), .state_dir = folder_.path()});
    administrator.materialise(image, copy, no_progress());
    // What a view's definer may not see, the server tells of in other words.
    server_.grant_plain(copy.str());
    return administrator.parked_url(copy);
  }

  [[nodiscard]] bool copies_end_proofs() const override { return false; }
  [[nodiscard]] bool has_parked_urls() const override { return false; }

 private:
  TempDir folder_;
};

}  // namespace

std::unique_ptr<Quirks> make_mysql_in_place_quirks() { return std::make_unique<InPlaceQuirks>(); }

std::unique_ptr<Quirks> make_mysql_quirks() { return std::make_unique<MysqlQuirks>(); }

}  // namespace quemsi::test
