#include "catalogue/impl.hpp"

namespace quemsi {

void Catalogue::add_temporary(const TemporaryDatabase& database) {
  impl_->change([&] {
    impl_
        ->statement(
            "INSERT INTO temporary (id, database, snapshot, url, created_at) "
            "VALUES (?, ?, ?, ?, ?)")
        .bind(database.id.str())
        .bind(database.database)
        .bind(database.snapshot.str())
        .bind(database.url)
        .bind(to_number(database.created_at))
        .run();
  });
}

std::vector<TemporaryDatabase> Catalogue::temporaries() {
  sqlite::Statement rows = impl_->connection().prepare(
      "SELECT id, database, snapshot, url, created_at FROM temporary ORDER BY created_at, id");
  std::vector<TemporaryDatabase> found;
  while (rows.step()) {
    found.push_back({.id = ImageId(rows.column_text(0)),
                     .database = rows.column_text(1),
                     .snapshot = SnapshotId(rows.column_text(2)),
                     .url = rows.column_text(3),
                     .created_at = to_time(rows.column_int(4))});
  }
  return found;
}

void Catalogue::remove_temporary(const ImageId& id) {
  impl_->change(
      [&] { impl_->statement("DELETE FROM temporary WHERE id = ?").bind(id.str()).run(); });
}

}  // namespace quemsi
