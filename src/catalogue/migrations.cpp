#include "catalogue/migrations.hpp"

#include <fmt/core.h>

#include <array>

#include "quemsi/error.hpp"

namespace quemsi {
namespace {

/// "QMSI"
constexpr std::int64_t application_id = 0x514d5349;

struct Migration {
  const char* name;
  const char* sql;
};

constexpr const char* first_tables = R"sql(
CREATE TABLE snapshot (
  id          TEXT PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('manual', 'checkpoint', 'safety', 'imported')),
  description TEXT NOT NULL,
  branch      TEXT NOT NULL,
  branch_key  TEXT,
  commit_id   TEXT,
  parent      TEXT REFERENCES snapshot (id) DEFERRABLE INITIALLY DEFERRED,
  author      TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  pending     INTEGER NOT NULL CHECK (pending IN (0, 1)),
  record      BLOB CHECK (length(record) = 32),
  record_pack TEXT
) STRICT;
CREATE INDEX snapshot_by_time ON snapshot (created_at);
CREATE INDEX snapshot_by_parent ON snapshot (parent);
CREATE INDEX snapshot_by_record_pack ON snapshot (record_pack);

CREATE TABLE tag (
  name     TEXT PRIMARY KEY,
  snapshot TEXT NOT NULL REFERENCES snapshot (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_by_snapshot ON tag (snapshot);

CREATE TABLE image (
  id           TEXT PRIMARY KEY,
  snapshot     TEXT NOT NULL REFERENCES snapshot (id) ON DELETE CASCADE,
  position     INTEGER NOT NULL,
  database     TEXT NOT NULL,
  engine       TEXT NOT NULL,
  content      TEXT NOT NULL CHECK (content IN ('all', 'schema')),
  bytes        INTEGER NOT NULL,
  stored_bytes INTEGER NOT NULL,
  parked       TEXT,
  manifest     BLOB CHECK (length(manifest) = 32),
  used_at      INTEGER NOT NULL,
  UNIQUE (snapshot, database)
) STRICT;
CREATE INDEX image_parked ON image (database, used_at) WHERE parked IS NOT NULL;
CREATE INDEX image_unsealed ON image (used_at) WHERE manifest IS NULL;

CREATE TABLE image_pack (
  image TEXT NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  pack  TEXT NOT NULL,
  PRIMARY KEY (image, pack)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_pack_by_pack ON image_pack (pack);

CREATE TABLE tip (
  key      TEXT PRIMARY KEY,
  branch   TEXT NOT NULL,
  snapshot TEXT NOT NULL REFERENCES snapshot (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tip_by_snapshot ON tip (snapshot);

CREATE TABLE owner (
  worktree    TEXT PRIMARY KEY,
  branch      TEXT,
  branch_name TEXT NOT NULL,
  base        TEXT REFERENCES snapshot (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX owner_by_base ON owner (base);

CREATE TABLE owner_database (
  worktree TEXT NOT NULL REFERENCES owner (worktree) ON DELETE CASCADE,
  database TEXT NOT NULL,
  token    TEXT,
  location TEXT,
  PRIMARY KEY (worktree, database)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  worktree   TEXT NOT NULL,
  kind       TEXT NOT NULL,
  payload    TEXT NOT NULL,
  started_at INTEGER NOT NULL
) STRICT;

CREATE TABLE history (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  worktree    TEXT NOT NULL,
  kind        TEXT NOT NULL,
  payload     TEXT NOT NULL,
  finished_at INTEGER NOT NULL
) STRICT;
CREATE INDEX history_by_worktree ON history (worktree, id);

CREATE TABLE task (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  kind       TEXT NOT NULL,
  subject    TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'failed')),
  pid        INTEGER NOT NULL,
  attempts   INTEGER NOT NULL,
  error      TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX task_by_subject ON task (kind, subject);

CREATE TABLE temporary (
  id         TEXT PRIMARY KEY,
  database   TEXT NOT NULL,
  snapshot   TEXT NOT NULL,
  url        TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pack (
  name  TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE chunk (
  id           BLOB NOT NULL CHECK (length(id) = 32),
  pack         TEXT NOT NULL REFERENCES pack (name) ON DELETE CASCADE,
  kind         INTEGER NOT NULL,
  offset       INTEGER NOT NULL,
  stored_bytes INTEGER NOT NULL,
  raw_bytes    INTEGER NOT NULL,
  PRIMARY KEY (id, pack)
) STRICT, WITHOUT ROWID;
CREATE INDEX chunk_by_pack ON chunk (pack);
)sql";

constexpr const char* schemas_and_commits = R"sql(
CREATE TABLE snapshot_schema (
  snapshot    TEXT PRIMARY KEY REFERENCES snapshot (id) ON DELETE CASCADE,
  fingerprint TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX snapshot_by_commit ON snapshot (commit_id);
)sql";

constexpr const char* gone_branches = R"sql(
CREATE TABLE gone (
  kind    TEXT NOT NULL CHECK (kind IN ('branch', 'worktree')),
  subject TEXT NOT NULL,
  since   INTEGER NOT NULL,
  PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
)sql";

/// A row is never changed once released: a change of the schema is a new row.
constexpr std::array migrations{Migration{"first tables", first_tables},
                                Migration{"schemas and commits", schemas_and_commits},
                                Migration{"gone branches", gone_branches}};

[[noreturn]] void throw_foreign(const sqlite::Connection& connection) {
  throw Error(ErrorKind::corrupt, connection.file().string() + " is not a catalogue of git-quemsi")
      .hint("git quemsi fsck --repair    rebuilds it, keeping the file beside");
}

void refuse_foreign(sqlite::Connection& connection, std::int64_t version) {
  const std::int64_t id = connection.query_int("PRAGMA application_id");
  const bool empty = connection.query_int("SELECT count(*) FROM sqlite_schema") == 0;
  const bool fresh = id == 0 && version == 0 && empty;
  if (id != application_id && !fresh) throw_foreign(connection);
}

void refuse_newer(const sqlite::Connection& connection, std::int64_t version) {
  if (version <= static_cast<std::int64_t>(migrations.size())) return;
  throw Error(ErrorKind::unsupported,
              fmt::format("{} has version {}, this git-quemsi ({}) knows versions up to {}",
                          connection.file().string(), version, QUEMSI_VERSION, migrations.size()))
      .hint("use the newer git-quemsi that wrote it; nothing was changed");
}

void run(sqlite::Connection& connection, std::int64_t version) {
  sqlite::Transaction transaction(connection, sqlite::Begin::immediate);
  // Another process may have been faster.
  if (connection.query_int("PRAGMA user_version") != version) return;
  connection.execute(migrations.at(static_cast<std::size_t>(version)).sql);
  connection.execute(fmt::format("PRAGMA application_id = {}", application_id));
  connection.execute(fmt::format("PRAGMA user_version = {}", version + 1));
  transaction.commit();
}

}  // namespace

void migrate(sqlite::Connection& connection) {
  std::int64_t version = connection.query_int("PRAGMA user_version");
  refuse_foreign(connection, version);
  refuse_newer(connection, version);
  while (version < static_cast<std::int64_t>(migrations.size())) {
    run(connection, version);
    version = connection.query_int("PRAGMA user_version");
  }
}

}  // namespace quemsi
