#include "quemsi/catalogue.hpp"

#include <fmt/core.h>

#include "catalogue/impl.hpp"
#include "catalogue/migrations.hpp"

namespace quemsi {
namespace {

constexpr std::chrono::seconds longest_wait{10};

/// Says what to do about a damaged file, whatever SQLite calls it.
template <class Work>
auto explaining_damage(Work work) {
  try {
    return work();
  } catch (Error& error) {
    if (error.kind() == ErrorKind::corrupt && error.hints().empty()) {
      error.hint("git quemsi fsck --repair    rebuilds it from the packs");
    }
    throw;
  }
}

void set_up(sqlite::Connection& connection) {
  connection.execute("PRAGMA trusted_schema = OFF");
  connection.execute("PRAGMA cell_size_check = ON");
  connection.execute("PRAGMA foreign_keys = ON");
  if (connection.query_text("PRAGMA journal_mode") != "wal") {
    connection.execute("PRAGMA journal_mode = WAL");
  }
  // Closing is on the hook's path; checkpoint() is for who has time.
  sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  // A commit that was reported must survive a power cut.
  connection.execute("PRAGMA synchronous = FULL");
  migrate(connection);
}

}  // namespace

CatalogueImpl::CatalogueImpl(const std::filesystem::path& file)
    : connection_(file, sqlite::Open::create, longest_wait) {
  explaining_damage([this] { set_up(connection_); });
}

sqlite::Statement& CatalogueImpl::statement(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    found = statements_.emplace(std::string(sql), connection_.prepare(sql)).first;
  }
  found->second.reset();
  return found->second;
}

void CatalogueImpl::change(const std::function<void()>& work) {
  if (sqlite3_get_autocommit(connection_.handle()) == 0) return work();
  explaining_damage([&] {
    sqlite::Transaction transaction(connection_, sqlite::Begin::immediate);
    work();
    for (auto& [sql, statement] : statements_) statement.reset();
    transaction.commit();
  });
}

void throw_unknown(std::string_view what, std::string_view text) {
  throw Error(ErrorKind::corrupt,
              fmt::format("the catalogue holds an unknown {}: '{}'", what, text))
      .hint("git quemsi fsck --repair    rebuilds it from the packs");
}

ChunkId chunk_id(const sqlite::Statement& row, int column) {
  const std::span<const std::byte> bytes = row.column_blob(column);
  if (bytes.size() != ChunkId::size) throw_unknown("chunk id", "wrong length");
  ChunkId::Bytes id{};
  std::copy(bytes.begin(), bytes.end(), id.begin());
  return ChunkId(id);
}

Catalogue::Catalogue(const std::filesystem::path& file)
    : impl_(std::make_unique<CatalogueImpl>(file)) {}

Catalogue::~Catalogue() = default;

void Catalogue::transaction(const std::function<void()>& work) { impl_->change(work); }

void Catalogue::checkpoint() {
  // Any other mode keeps writers out while it waits for readers.
  impl_->connection().execute("PRAGMA wal_checkpoint(PASSIVE)");
}

std::vector<std::string> Catalogue::check() {
  std::vector<std::string> found;
  sqlite::Statement integrity = impl_->connection().prepare("PRAGMA integrity_check");
  while (integrity.step()) {
    if (integrity.column_text(0) != "ok") found.push_back(integrity.column_text(0));
  }
  sqlite::Statement keys = impl_->connection().prepare("PRAGMA foreign_key_check");
  while (keys.step()) {
    found.push_back(fmt::format("a row of {} names a row of {} that is not there",
                                keys.column_text(0), keys.column_text(2)));
  }
  return found;
}

}  // namespace quemsi
