// A user whose application keeps its data in one SQLite file.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "support/application.hpp"
#include "support/command.hpp"
#include "support/file_damage.hpp"
#include "support/sandbox.hpp"
#include "support/sqlite_cli.hpp"

namespace quemsi::test {

using Json = nlohmann::json;

inline constexpr const char* shop_schema =
    "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL, score REAL, photo BLOB);"
    "CREATE UNIQUE INDEX users_by_name ON users(name);"
    "CREATE TABLE orders(id INTEGER PRIMARY KEY, user INTEGER REFERENCES users(id), note TEXT);"
    "CREATE VIEW spenders AS SELECT name, count(*) AS orders FROM users JOIN orders ON "
    "orders.user = users.id GROUP BY name;"
    "CREATE TRIGGER no_empty_note AFTER INSERT ON orders WHEN new.note = '' BEGIN "
    "UPDATE orders SET note = NULL WHERE id = new.id; END;"
    "INSERT INTO users VALUES (1, 'Zoë', 1.5, x'00ff10'), (2, 'O''Neill', NULL, NULL),"
    " (3, '日本語', -0.25, zeroblob(5000));"
    "INSERT INTO orders VALUES (1, 1, 'first'), (2, 2, ''), (7, 1, 'a;b');"
    "PRAGMA user_version = 3;";

class EndToEnd : public testing::Test {
 protected:
  explicit EndToEnd(SandboxOptions options = {.bin_dir = QUEMSI_BIN_DIR}) : user(options) {}

  /// A filled database, `git quemsi init`, and .quemsi.yml committed.
  void set_up_shop(const std::string& journal_mode = "delete") {
    sqlite(db, "PRAGMA journal_mode=" + journal_mode + ";" + shop_schema);
    user.quemsi({"init", "--yes"});
    user.commit("Let the database follow the branch");
  }

  /// On main again; `feature` has a state of its own, which is returned.
  std::string make_feature_branch() {
    user.git({"switch", "-q", "-c", "feature"});
    sqlite(db,
           "ALTER TABLE users ADD COLUMN tenant INTEGER DEFAULT 1;"
           "INSERT INTO users(name, tenant) VALUES ('of feature', 9);");
    std::string state = dump(db);
    user.commit("Work on feature");
    user.git({"switch", "-q", "main"});
    return state;
  }

  [[nodiscard]] std::string branch_of(const std::string& snapshot) const {
    return user.json({"show", snapshot}).at("branch");
  }

  Sandbox user;
  std::filesystem::path db = user.top() / "app.db";
};

/// The file itself, not only what is in it.
struct FileId {
  ino_t inode;
  off_t size;
  timespec written;

  static FileId of(const std::filesystem::path& file) {
    struct stat info {};
    if (stat(file.c_str(), &info) != 0) throw std::runtime_error("no " + file.string());
    return {info.st_ino, info.st_size, info.st_mtim};
  }
  bool operator==(const FileId& other) const {
    return inode == other.inode && size == other.size && written.tv_sec == other.written.tv_sec &&
           written.tv_nsec == other.written.tv_nsec;
  }
};

inline std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

/// Where `sqlite:PATH` is.
inline std::filesystem::path path_of_url(const std::string& url) {
  return url.substr(url.find(':') + 1);
}

}  // namespace quemsi::test
