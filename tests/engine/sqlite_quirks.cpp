#include "engine/sqlite_quirks.hpp"

#include "engine/sqlite_client.hpp"

namespace quemsi::test {
namespace {

std::filesystem::path file_of(const std::string& url) { return url.substr(url.find(':') + 1); }

class SqliteQuirks final : public Quirks {
 public:
  explicit SqliteQuirks(std::string journal_mode) : journal_mode_(std::move(journal_mode)) {}

  [[nodiscard]] std::string engine() const override { return "sqlite"; }

  DatabaseSpec absent(const std::filesystem::path& folder, const std::string& name) override {
    return {
        .name = name, .engine = "sqlite", .url = "sqlite:" + (folder / (name + ".db")).string()};
  }

  DatabaseSpec create(const std::filesystem::path& folder, const std::string& name) override {
    DatabaseSpec spec = absent(folder, name);
    run(spec.url, "PRAGMA journal_mode=" + journal_mode_ +
                      ";"
                      "CREATE TABLE items(id INTEGER PRIMARY KEY, label TEXT);"
                      "CREATE INDEX items_by_label ON items(label);"
                      "CREATE VIEW labels AS SELECT label FROM items;"
                      "CREATE TRIGGER no_empty BEFORE INSERT ON items WHEN new.label = '' "
                      "BEGIN SELECT RAISE(ABORT, 'empty'); END;");
    return spec;
  }

  std::string run(const std::string& url, const std::string& sql) override {
    return sqlite_shell(file_of(url), sql);
  }

  std::string dump(const std::string& url) override { return sqlite_dump(file_of(url)); }

  std::unique_ptr<Application> connect(const std::string& url) override {
    return std::make_unique<SqliteShell>(file_of(url));
  }

  [[nodiscard]] std::string begin_reading() const override {
    return "BEGIN; SELECT count(*) FROM items";
  }
  [[nodiscard]] std::string begin_writing() const override { return "BEGIN IMMEDIATE"; }
  [[nodiscard]] bool readers_block_swap() const override { return journal_mode_ != "wal"; }
  [[nodiscard]] bool connections_block_swap() const override { return false; }
  [[nodiscard]] bool copies_end_proofs() const override { return false; }

 private:
  std::string journal_mode_;
};

}  // namespace

std::unique_ptr<Quirks> make_sqlite_quirks(const std::string& journal_mode) {
  return std::make_unique<SqliteQuirks>(journal_mode);
}

}  // namespace quemsi::test
