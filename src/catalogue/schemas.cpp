#include "catalogue/impl.hpp"

namespace quemsi {

std::optional<std::string> Catalogue::schema(const SnapshotId& id) {
  sqlite::Statement row =
      impl_->connection().prepare("SELECT fingerprint FROM snapshot_schema WHERE snapshot = ?");
  row.bind(id.str());
  if (!row.step()) return std::nullopt;
  return row.column_text(0);
}

void Catalogue::set_schema(const SnapshotId& id, const std::string& fingerprint) {
  impl_->change([&] {
    impl_
        ->statement(
            "INSERT INTO snapshot_schema (snapshot, fingerprint) VALUES (?, ?) "
            "ON CONFLICT (snapshot) DO UPDATE SET fingerprint = excluded.fingerprint")
        .bind(id.str())
        .bind(fingerprint)
        .run();
  });
}

}  // namespace quemsi
