#include <fmt/core.h>

#include <unordered_map>

#include "catalogue/impl.hpp"
#include "catalogue/rows.hpp"

namespace quemsi {
namespace {

constexpr std::string_view snapshot_columns =
    "id, kind, description, branch, branch_key, commit_id, parent, author, created_at, pending, "
    "rowid";

Snapshot read_snapshot(const sqlite::Statement& row) {
  const std::optional<SnapshotKind> kind = parse_snapshot_kind(row.column_text(1));
  if (!kind) throw_unknown("kind of snapshot", row.column_text(1));
  return {.id = SnapshotId(row.column_text(0)),
          .kind = *kind,
          .description = row.column_text(2),
          .branch = row.column_text(3),
          .branch_key = optional_id<BranchKey>(row, 4),
          .commit = optional_id<CommitId>(row, 5),
          .parent = optional_id<SnapshotId>(row, 6),
          .author = row.column_text(7),
          .created_at = to_time(row.column_int(8)),
          .pending = row.column_int(9) != 0,
          .images = {},
          .serial = row.column_int(10)};
}

std::vector<Snapshot> read_all(sqlite::Statement& rows) {
  std::vector<Snapshot> snapshots;
  while (rows.step()) snapshots.push_back(read_snapshot(rows));
  return snapshots;
}

/// Tags and images of many snapshots with three statements in all: one a
/// snapshot would be felt in a long list.
void fill_in(CatalogueImpl& impl, std::vector<Snapshot>& snapshots, const std::string& selected) {
  std::unordered_map<std::string, Snapshot*> by_id(snapshots.size());
  for (Snapshot& snapshot : snapshots) by_id.emplace(snapshot.id.str(), &snapshot);
  sqlite::Statement tags = impl.connection().prepare(
      fmt::format("SELECT snapshot, name FROM tag WHERE {} ORDER BY name", selected));
  while (tags.step()) {
    const auto found = by_id.find(tags.column_text(0));
    if (found != by_id.end()) found->second->tags.push_back(tags.column_text(1));
  }
  read_images(impl, selected, ImageOrder::as_inserted,
              [&](const std::string& snapshot, Image image) {
                const auto found = by_id.find(snapshot);
                if (found != by_id.end()) found->second->images.push_back(std::move(image));
              });
}

/// All of a long list at once, a short one by its ids.
std::string selection(const std::vector<Snapshot>& snapshots) {
  constexpr std::size_t many = 200;
  if (snapshots.size() > many) return std::string(every_row);
  std::string ids;
  for (const Snapshot& snapshot : snapshots) {
    ids += fmt::format("{}'{}'", ids.empty() ? "" : ", ", sqlite_text(snapshot.id.str()));
  }
  return fmt::format("snapshot IN ({})", ids);
}

std::vector<Snapshot> complete(CatalogueImpl& impl, std::vector<Snapshot> snapshots) {
  if (!snapshots.empty()) fill_in(impl, snapshots, selection(snapshots));
  return snapshots;
}

void insert_row(CatalogueImpl& impl, const Snapshot& snapshot) {
  impl.statement(
          "INSERT INTO snapshot (id, kind, description, branch, branch_key, commit_id, "
          "parent, author, created_at, pending) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(snapshot.id.str())
      .bind(to_string(snapshot.kind))
      .bind(snapshot.description)
      .bind(snapshot.branch)
      .bind(text_of(snapshot.branch_key))
      .bind(text_of(snapshot.commit))
      .bind(text_of(snapshot.parent))
      .bind(snapshot.author)
      .bind(to_number(snapshot.created_at))
      .bind(std::int64_t{snapshot.pending ? 1 : 0})
      .run();
}

/// Whoever named the snapshot names its parent now.
void hand_over_references(CatalogueImpl& impl, const SnapshotId& id) {
  impl.statement(
          "UPDATE snapshot SET parent = (SELECT parent FROM snapshot WHERE id = ?1) "
          "WHERE parent = ?1")
      .bind(id.str())
      .run();
  impl.statement(
          "DELETE FROM tip WHERE snapshot = ?1 "
          "AND (SELECT parent FROM snapshot WHERE id = ?1) IS NULL")
      .bind(id.str())
      .run();
  impl.statement(
          "UPDATE tip SET snapshot = (SELECT parent FROM snapshot WHERE id = ?1) "
          "WHERE snapshot = ?1")
      .bind(id.str())
      .run();
}

/// Live is known to equal the snapshot, not its parent: nothing is proven any more.
void release_owners(CatalogueImpl& impl, const SnapshotId& id) {
  impl.statement(
          "UPDATE owner_database SET token = NULL "
          "WHERE worktree IN (SELECT worktree FROM owner WHERE base = ?)")
      .bind(id.str())
      .run();
  impl.statement(
          "UPDATE owner SET base = (SELECT parent FROM snapshot WHERE id = ?1) "
          "WHERE base = ?1")
      .bind(id.str())
      .run();
}

}  // namespace

std::string_view to_string(SnapshotKind kind) {
  switch (kind) {
    case SnapshotKind::manual:
      return "manual";
    case SnapshotKind::checkpoint:
      return "checkpoint";
    case SnapshotKind::safety:
      return "safety";
    case SnapshotKind::imported:
      return "imported";
  }
  return "manual";
}

std::optional<SnapshotKind> parse_snapshot_kind(std::string_view text) {
  for (const SnapshotKind kind : {SnapshotKind::manual, SnapshotKind::checkpoint,
                                  SnapshotKind::safety, SnapshotKind::imported}) {
    if (to_string(kind) == text) return kind;
  }
  return std::nullopt;
}

void Catalogue::insert_snapshot(const Snapshot& snapshot) {
  impl_->change([&] {
    insert_row(*impl_, snapshot);
    for (const std::string& tag : snapshot.tags) add_tag(snapshot.id, tag);
    insert_images(*impl_, snapshot);
  });
}

std::optional<Snapshot> Catalogue::snapshot(const SnapshotId& id) {
  sqlite::Statement row = impl_->connection().prepare(
      fmt::format("SELECT {} FROM snapshot WHERE id = ?", snapshot_columns));
  row.bind(id.str());
  std::vector<Snapshot> found = complete(*impl_, read_all(row));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Snapshot> Catalogue::snapshots(const SnapshotFilter& filter) {
  std::string where = "NOT pending";
  if (filter.branch) where += " AND branch = ?";
  if (filter.kind) where += " AND kind = ?";
  const std::int64_t limit = filter.limit ? static_cast<std::int64_t>(*filter.limit) : -1;
  sqlite::Statement rows = impl_->connection().prepare(
      fmt::format("SELECT {} FROM snapshot WHERE {} ORDER BY rowid DESC LIMIT {}", snapshot_columns,
                  where, limit));
  if (filter.branch) rows.bind(*filter.branch);
  if (filter.kind) rows.bind(to_string(*filter.kind));
  return complete(*impl_, read_all(rows));
}

std::vector<Snapshot> Catalogue::snapshots_at(const std::optional<CommitId>& commit) {
  sqlite::Statement rows = impl_->connection().prepare(
      fmt::format("SELECT {} FROM snapshot WHERE NOT pending AND commit_id IS ? "
                  "ORDER BY rowid DESC",
                  snapshot_columns));
  rows.bind(text_of(commit));
  return complete(*impl_, read_all(rows));
}

std::vector<Snapshot> Catalogue::pending_snapshots() {
  sqlite::Statement rows = impl_->connection().prepare(
      fmt::format("SELECT {} FROM snapshot WHERE pending ORDER BY rowid", snapshot_columns));
  return complete(*impl_, read_all(rows));
}

std::vector<SnapshotId> Catalogue::snapshots_by_prefix(const std::string& prefix) {
  sqlite::Statement rows = impl_->connection().prepare(
      "SELECT id FROM snapshot WHERE NOT pending AND substr(id, 1, length(?1)) = ?1 ORDER BY id");
  rows.bind(prefix);
  std::vector<SnapshotId> ids;
  while (rows.step()) ids.emplace_back(rows.column_text(0));
  return ids;
}

std::size_t Catalogue::snapshot_count() {
  return static_cast<std::size_t>(
      impl_->connection().query_int("SELECT count(*) FROM snapshot WHERE NOT pending"));
}

void Catalogue::set_description(const SnapshotId& id, const std::string& text) {
  impl_->change([&] {
    impl_->statement("UPDATE snapshot SET description = ? WHERE id = ?")
        .bind(text)
        .bind(id.str())
        .run();
  });
}

void Catalogue::set_pending(const SnapshotId& id, bool pending) {
  impl_->change([&] {
    impl_->statement("UPDATE snapshot SET pending = ? WHERE id = ?")
        .bind(std::int64_t{pending ? 1 : 0})
        .bind(id.str())
        .run();
  });
}

void Catalogue::remove_snapshot(const SnapshotId& id) {
  impl_->change([&] {
    release_owners(*impl_, id);
    hand_over_references(*impl_, id);
    impl_->statement("DELETE FROM snapshot WHERE id = ?").bind(id.str()).run();
  });
}

void Catalogue::set_record(const SnapshotId& id, const ChunkId& record, const std::string& pack) {
  impl_->change([&] {
    impl_->statement("UPDATE snapshot SET record = ?, record_pack = ? WHERE id = ?")
        .bind(std::span<const std::byte>(record.bytes()))
        .bind(pack)
        .bind(id.str())
        .run();
  });
}

std::optional<ChunkId> Catalogue::record(const SnapshotId& id) {
  sqlite::Statement row = impl_->connection().prepare("SELECT record FROM snapshot WHERE id = ?");
  row.bind(id.str());
  if (!row.step() || row.column_is_null(0)) return std::nullopt;
  return chunk_id(row, 0);
}

}  // namespace quemsi
