#include <fmt/core.h>

#include "catalogue/impl.hpp"

namespace quemsi {

std::optional<SnapshotId> Catalogue::snapshot_by_tag(const std::string& tag) {
  sqlite::Statement row = impl_->connection().prepare("SELECT snapshot FROM tag WHERE name = ?");
  row.bind(tag);
  if (!row.step()) return std::nullopt;
  return SnapshotId(row.column_text(0));
}

std::vector<std::string> Catalogue::tags() {
  sqlite::Statement rows = impl_->connection().prepare("SELECT name FROM tag ORDER BY name");
  std::vector<std::string> names;
  while (rows.step()) names.push_back(rows.column_text(0));
  return names;
}

void Catalogue::add_tag(const SnapshotId& id, const std::string& tag) {
  impl_->change([&] {
    const std::optional<SnapshotId> other = snapshot_by_tag(tag);
    if (other == id) return;
    if (other) {
      throw Error(ErrorKind::user, fmt::format("the tag '{}' is taken by {}", tag, other->str()))
          .hint("choose another");
    }
    impl_->statement("INSERT INTO tag (name, snapshot) VALUES (?, ?)")
        .bind(tag)
        .bind(id.str())
        .run();
  });
}

void Catalogue::remove_tag(const std::string& tag) {
  impl_->change([&] { impl_->statement("DELETE FROM tag WHERE name = ?").bind(tag).run(); });
}

}  // namespace quemsi
