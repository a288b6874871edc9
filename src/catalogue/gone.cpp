#include "catalogue/impl.hpp"

namespace quemsi {
namespace {

std::string_view to_text(GoneKind kind) { return kind == GoneKind::branch ? "branch" : "worktree"; }

}  // namespace

std::map<std::string, Timestamp> Catalogue::gone(GoneKind kind) {
  sqlite::Statement rows =
      impl_->connection().prepare("SELECT subject, since FROM gone WHERE kind = ?");
  rows.bind(to_text(kind));
  std::map<std::string, Timestamp> gone;
  while (rows.step()) gone.emplace(rows.column_text(0), to_time(rows.column_int(1)));
  return gone;
}

void Catalogue::note_gone(GoneKind kind, const std::string& subject, Timestamp when) {
  impl_->change([&] {
    impl_->statement("INSERT OR IGNORE INTO gone (kind, subject, since) VALUES (?, ?, ?)")
        .bind(to_text(kind))
        .bind(subject)
        .bind(to_number(when))
        .run();
  });
}

void Catalogue::forget_gone(GoneKind kind, const std::string& subject) {
  impl_->change([&] {
    impl_->statement("DELETE FROM gone WHERE kind = ? AND subject = ?")
        .bind(to_text(kind))
        .bind(subject)
        .run();
  });
}

}  // namespace quemsi
