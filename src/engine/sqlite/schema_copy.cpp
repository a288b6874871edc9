#include "engine/sqlite/schema_copy.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "quemsi/error.hpp"
#include "util/fd.hpp"

namespace quemsi::sqlite_engine {
namespace {

struct Object {
  std::string type;
  std::string name;
  std::string sql;
};

constexpr std::array<const char*, 3> settings_before{"page_size", "encoding", "auto_vacuum"};
constexpr std::array<const char*, 2> settings_after{"user_version", "application_id"};

/// SQLite makes its own tables and indexes itself.
std::vector<Object> objects_of(sqlite::Connection& source) {
  std::vector<Object> objects;
  sqlite::Statement statement = source.prepare(
      "SELECT type, name, sql FROM sqlite_master "
      "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid");
  while (statement.step()) {
    objects.push_back(
        {statement.column_text(0), statement.column_text(1), statement.column_text(2)});
  }
  return objects;
}

bool is_virtual(const Object& object) {
  constexpr std::string_view start = "CREATE VIRTUAL";
  return object.type == "table" &&
         sqlite3_strnicmp(object.sql.c_str(), start.data(), static_cast<int>(start.size())) == 0;
}

/// May be one of the tables in which a virtual table keeps its content.
bool may_be_shadow(const Object& object, const std::vector<Object>& objects) {
  return object.type == "table" && !is_virtual(object) &&
         std::ranges::any_of(objects, [&](const Object& other) {
           const std::string prefix = other.name + "_";
           return is_virtual(other) && sqlite3_strnicmp(object.name.c_str(), prefix.c_str(),
                                                        static_cast<int>(prefix.size())) == 0;
         });
}

/// Content tables before the virtual tables that read them, those before the
/// tables that they make themselves; then what depends on tables.
int rank_of(const Object& object, const std::vector<Object>& objects) {
  if (object.type == "index") return 3;
  if (object.type == "view") return 4;
  if (object.type == "trigger") return 5;
  if (is_virtual(object)) return 1;
  return may_be_shadow(object, objects) ? 2 : 0;
}

bool exists(sqlite::Connection& target, const Object& object) {
  sqlite::Statement statement =
      target.prepare("SELECT 1 FROM sqlite_master WHERE type = ? AND name = ? COLLATE NOCASE");
  statement.bind(object.type).bind(object.name);
  return statement.step();
}

void create(sqlite::Connection& target, const Object& object) {
  if (exists(target, object)) return;
  try {
    target.execute(object.sql);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::engine) throw;
    throw Error(ErrorKind::unsupported,
                "the schema cannot be copied without the rows: " + object.type + " " + object.name)
        .cause(error.what())
        .hint("take the snapshot without --schema-only");
  }
}

int compare_bytes(void*, int size_a, const void* a, int size_b, const void* b) {
  const std::string_view left(static_cast<const char*>(a), static_cast<std::size_t>(size_a));
  const std::string_view right(static_cast<const char*>(b), static_cast<std::size_t>(size_b));
  return left.compare(right);
}

/// Without rows any order will do for a collation that only the application knows.
void supply_collation(void*, sqlite3* db, int encoding, const char* name) {
  sqlite3_create_collation(db, name, encoding, nullptr, compare_bytes);
}

void copy_settings(sqlite::Connection& from, sqlite::Connection& to,
                   std::span<const char* const> names) {
  for (const char* name : names) {
    const std::string value = from.query_text(fmt::format("PRAGMA {}", name));
    to.execute(fmt::format("PRAGMA {} = '{}'", name, value));
  }
}

void create_all(sqlite::Connection& target, const std::vector<Object>& objects) {
  sqlite::Transaction transaction(target, sqlite::Begin::immediate);
  for (int rank = 0; rank <= 5; ++rank) {
    for (const Object& object : objects) {
      if (rank_of(object, objects) == rank) create(target, object);
    }
  }
  transaction.commit();
}

}  // namespace

void copy_schema(sqlite::Connection& source, const std::filesystem::path& target) {
  {
    sqlite::Connection made(target, sqlite::Open::create, std::chrono::milliseconds(0));
    sqlite3_collation_needed(made.handle(), nullptr, supply_collation);
    made.execute("PRAGMA synchronous=OFF");
    copy_settings(source, made, settings_before);
    create_all(made, objects_of(source));
    copy_settings(source, made, settings_after);
    if (source.query_text("PRAGMA journal_mode") == "wal") {
      static_cast<void>(made.query_text("PRAGMA journal_mode=WAL"));
    }
  }
  sync_file(open_file(target, O_RDWR), target);
}

}  // namespace quemsi::sqlite_engine
