#include "catalogue/impl.hpp"

namespace quemsi {

std::int64_t Catalogue::write_journal(const JournalEntry& entry) {
  std::int64_t id = 0;
  impl_->change([&] {
    impl_
        ->statement("INSERT INTO journal (worktree, kind, payload, started_at) VALUES (?, ?, ?, ?)")
        .bind(entry.worktree.str())
        .bind(entry.kind)
        .bind(entry.payload)
        .bind(to_number(entry.started_at))
        .run();
    id = sqlite3_last_insert_rowid(impl_->connection().handle());
  });
  return id;
}

std::vector<JournalEntry> Catalogue::journal() {
  sqlite::Statement rows = impl_->connection().prepare(
      "SELECT id, worktree, kind, payload, started_at FROM journal ORDER BY id");
  std::vector<JournalEntry> entries;
  while (rows.step()) {
    entries.push_back({.id = rows.column_int(0),
                       .worktree = WorktreeId(rows.column_text(1)),
                       .kind = rows.column_text(2),
                       .payload = rows.column_text(3),
                       .started_at = to_time(rows.column_int(4))});
  }
  return entries;
}

void Catalogue::remove_journal(std::int64_t id) {
  impl_->change([&] { impl_->statement("DELETE FROM journal WHERE id = ?").bind(id).run(); });
}

std::int64_t Catalogue::add_history(const HistoryEntry& entry) {
  std::int64_t id = 0;
  impl_->change([&] {
    impl_
        ->statement(
            "INSERT INTO history (worktree, kind, payload, finished_at) VALUES (?, ?, ?, ?)")
        .bind(entry.worktree.str())
        .bind(entry.kind)
        .bind(entry.payload)
        .bind(to_number(entry.finished_at))
        .run();
    id = sqlite3_last_insert_rowid(impl_->connection().handle());
  });
  return id;
}

std::optional<HistoryEntry> Catalogue::last_history(const WorktreeId& worktree) {
  sqlite::Statement row = impl_->connection().prepare(
      "SELECT id, worktree, kind, payload, finished_at FROM history WHERE worktree = ? "
      "ORDER BY id DESC LIMIT 1");
  row.bind(worktree.str());
  if (!row.step()) return std::nullopt;
  return HistoryEntry{.id = row.column_int(0),
                      .worktree = WorktreeId(row.column_text(1)),
                      .kind = row.column_text(2),
                      .payload = row.column_text(3),
                      .finished_at = to_time(row.column_int(4))};
}

}  // namespace quemsi
