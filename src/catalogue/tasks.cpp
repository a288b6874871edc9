#include "catalogue/impl.hpp"

namespace quemsi {
namespace {

constexpr std::string_view all_tasks =
    "SELECT id, kind, subject, state, pid, attempts, error, created_at FROM task ORDER BY id";
constexpr std::string_view oldest_waiting =
    "SELECT id, kind, subject, state, pid, attempts, error, created_at FROM task "
    "WHERE state = 'waiting' ORDER BY attempts, id LIMIT 1";

TaskState parse_state(const std::string& text) {
  for (const TaskState state : {TaskState::waiting, TaskState::running, TaskState::failed}) {
    if (to_string(state) == text) return state;
  }
  throw_unknown("state of a task", text);
}

Task read_task(const sqlite::Statement& row) {
  return {.id = row.column_int(0),
          .kind = row.column_text(1),
          .subject = row.column_text(2),
          .state = parse_state(row.column_text(3)),
          .pid = row.column_int(4),
          .attempts = static_cast<int>(row.column_int(5)),
          .error = row.column_text(6),
          .created_at = to_time(row.column_int(7))};
}

/// A failed one is replaced: what it was about is wanted again. A running one may
/// have looked already, so the new one waits behind it.
std::optional<std::int64_t> waiting_task(CatalogueImpl& impl, const std::string& kind,
                                         const std::string& subject) {
  sqlite::Statement row = impl.connection().prepare(
      "SELECT id FROM task WHERE kind = ? AND subject = ? AND state = 'waiting'");
  row.bind(kind).bind(subject);
  if (!row.step()) return std::nullopt;
  return row.column_int(0);
}

}  // namespace

std::string_view to_string(TaskState state) {
  switch (state) {
    case TaskState::waiting:
      return "waiting";
    case TaskState::running:
      return "running";
    case TaskState::failed:
      return "failed";
  }
  return "waiting";
}

std::int64_t Catalogue::add_task(const std::string& kind, const std::string& subject,
                                 Timestamp now) {
  std::int64_t id = 0;
  impl_->change([&] {
    if (const auto known = waiting_task(*impl_, kind, subject)) {
      id = *known;
      return;
    }
    impl_->statement("DELETE FROM task WHERE kind = ? AND subject = ? AND state = 'failed'")
        .bind(kind)
        .bind(subject)
        .run();
    impl_
        ->statement(
            "INSERT INTO task (kind, subject, state, pid, attempts, error, created_at) "
            "VALUES (?, ?, 'waiting', 0, 0, '', ?)")
        .bind(kind)
        .bind(subject)
        .bind(to_number(now))
        .run();
    id = sqlite3_last_insert_rowid(impl_->connection().handle());
  });
  return id;
}

std::vector<Task> Catalogue::tasks() {
  sqlite::Statement rows = impl_->connection().prepare(all_tasks);
  std::vector<Task> tasks;
  while (rows.step()) tasks.push_back(read_task(rows));
  return tasks;
}

std::optional<Task> Catalogue::claim_task(std::int64_t pid) {
  std::optional<Task> claimed;
  impl_->change([&] {
    sqlite::Statement row = impl_->connection().prepare(oldest_waiting);
    if (!row.step()) return;
    claimed = read_task(row);
    claimed->state = TaskState::running;
    claimed->pid = pid;
    ++claimed->attempts;
    impl_
        ->statement(
            "UPDATE task SET state = 'running', pid = ?, attempts = attempts + 1 "
            "WHERE id = ?")
        .bind(pid)
        .bind(claimed->id)
        .run();
  });
  return claimed;
}

void Catalogue::finish_task(std::int64_t id) {
  impl_->change([&] { impl_->statement("DELETE FROM task WHERE id = ?").bind(id).run(); });
}

void Catalogue::fail_task(std::int64_t id, const std::string& error) {
  impl_->change([&] {
    impl_->statement("UPDATE task SET state = 'failed', pid = 0, error = ? WHERE id = ?")
        .bind(error)
        .bind(id)
        .run();
  });
}

void Catalogue::retry_task(std::int64_t id) {
  impl_->change([&] {
    impl_->statement("UPDATE task SET state = 'waiting', pid = 0 WHERE id = ?").bind(id).run();
  });
}

void Catalogue::remove_tasks(const std::string& kind, const std::string& subject) {
  impl_->change([&] {
    impl_->statement("DELETE FROM task WHERE kind = ? AND subject = ?")
        .bind(kind)
        .bind(subject)
        .run();
  });
}

}  // namespace quemsi
