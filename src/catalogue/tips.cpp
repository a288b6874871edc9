#include "catalogue/impl.hpp"

namespace quemsi {
namespace {

Tip read_tip(const sqlite::Statement& row) {
  return {BranchKey(row.column_text(0)), row.column_text(1), SnapshotId(row.column_text(2))};
}

}  // namespace

std::optional<Tip> Catalogue::tip(const BranchKey& key) {
  sqlite::Statement row =
      impl_->connection().prepare("SELECT key, branch, snapshot FROM tip WHERE key = ?");
  row.bind(key.str());
  if (!row.step()) return std::nullopt;
  return read_tip(row);
}

std::vector<Tip> Catalogue::tips() {
  sqlite::Statement rows =
      impl_->connection().prepare("SELECT key, branch, snapshot FROM tip ORDER BY branch, key");
  std::vector<Tip> tips;
  while (rows.step()) tips.push_back(read_tip(rows));
  return tips;
}

void Catalogue::set_tip(const Tip& tip) {
  impl_->change([&] {
    impl_
        ->statement(
            "INSERT INTO tip (key, branch, snapshot) VALUES (?, ?, ?) ON CONFLICT (key) "
            "DO UPDATE SET branch = excluded.branch, snapshot = excluded.snapshot")
        .bind(tip.key.str())
        .bind(tip.branch)
        .bind(tip.snapshot.str())
        .run();
  });
}

void Catalogue::remove_tip(const BranchKey& key) {
  impl_->change([&] { impl_->statement("DELETE FROM tip WHERE key = ?").bind(key.str()).run(); });
}

}  // namespace quemsi
