// Somebody has live open: its content is exchanged in one transaction of SQLite's.
// The write lock is held from before live is copied to `outgoing` until the new
// content is committed, so no commit is lost in between; `outgoing` exists, whole
// and synced, before that commit.
#include <fcntl.h>
#include <fmt/format.h>

#include "engine/sqlite/backup.hpp"
#include "engine/sqlite/hash.hpp"
#include "engine/sqlite/holders.hpp"
#include "engine/sqlite/opening.hpp"
#include "engine/sqlite/pages.hpp"
#include "engine/sqlite/reader.hpp"
#include "engine/sqlite/swap.hpp"
#include "engine/sqlite/token.hpp"
#include "quemsi/error.hpp"

namespace quemsi::sqlite_engine {
namespace {

/// The page size of a database with a log cannot change while it is open, and an
/// empty file would be committed when it is to be locked only: the content is
/// taken over into a file that fits. VACUUM INTO keeps every rowid.
std::filesystem::path fitting_source(const SwapPlan& plan, sqlite::Connection& live,
                                     const Workspace& workspace,
                                     std::chrono::milliseconds busy_timeout) {
  sqlite::Connection incoming = open_database(plan.incoming, busy_timeout);
  const std::int64_t page_size = live.query_int("PRAGMA page_size");
  const bool empty = incoming.query_int("PRAGMA page_count") == 0;
  const bool fits = !is_wal(live) || incoming.query_int("PRAGMA page_size") == page_size;
  if (fits && !empty) return plan.incoming;
  const std::filesystem::path source = workspace.file("source");
  incoming.execute(fmt::format("PRAGMA page_size = {}", page_size));
  try {
    sqlite::Statement vacuum = incoming.prepare("VACUUM INTO ?");
    vacuum.bind(source.native());
    vacuum.run();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::engine) throw;
    throw Error(ErrorKind::busy, live.file().string() + " is open with another page size")
        .cause(error.what())
        .hint("close the programs that have it open, then run the command again");
  }
  return source;
}

void lock_live(Backup& backup, sqlite::Connection& live, std::chrono::milliseconds busy_timeout) {
  const PersistentWait wait(live, busy_timeout);
  try {
    backup.lock();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::busy) throw;
    throw_busy(live.file(), live.file().filename().string() + " is in use by another program");
  }
}

/// Reads the main file through the connection that holds it exclusively.
void copy_locked(sqlite::Connection& live, const std::filesystem::path& target) {
  const Fd fd = open_file(target, O_RDWR | O_CREAT | O_EXCL);
  copy_main_file(live, fd, target, false, no_progress());
  if (const auto state = state_of(live.file());
      read_layout(fd, target).wal || !state || !state->log_empty) {
    throw Error(ErrorKind::busy, live.file().string() + " has just changed its journal mode")
        .hint("run the command again");
  }
  sync_file(fd, target);
}

/// The write lock is held. The connection that holds it must not be used until its content is
/// exchanged (SQLite, sqlite3_backup_init), so the content is read in other ways.
void check_expected(const SwapPlan& plan, const Token& expected, bool wal,
                    const std::filesystem::path& copy, std::chrono::milliseconds busy_timeout) {
  const bool holds = proves_locked(expected, plan.live, [&] {
    if (wal) return content_hash(Reader(plan.live, busy_timeout).connection());
    const Fd fd = open_file(copy, O_RDONLY);
    return file_hash(fd, read_layout(fd, copy).bytes(), copy);
  });
  if (!holds) throw_changed(plan.live);
}

/// The write lock is held: what is copied is what will be replaced.
void keep_outgoing(const SwapPlan& plan, const std::optional<Token>& expected,
                   sqlite::Connection& live, bool wal, const Workspace& workspace,
                   std::chrono::milliseconds busy_timeout) {
  const std::filesystem::path copy = workspace.file("outgoing");
  if (wal) {
    Reader(plan.live, busy_timeout).copy_to(copy, CopyLimit::none, no_progress());
  } else {
    copy_locked(live, copy);
  }
  if (expected) check_expected(plan, *expected, wal, copy, busy_timeout);
  copy_attributes(plan.live, copy);
  if (!rename_new(copy, plan.outgoing)) throw_errno(EEXIST, "make", plan.outgoing);
}

/// Proof for what was just committed: none when somebody has committed since, or
/// has the lock at this moment.
std::optional<Token> token_after(sqlite::Connection& live, unsigned committed) {
  try {
    sqlite3_busy_timeout(live.handle(), 0);
    const sqlite::Transaction lock(live, sqlite::Begin::immediate);
    if (data_version(live) != committed) return std::nullopt;
    Proof proof;
    const auto state = settled_state_of(live.file());
    if (state && state->settled) proof.state = state->text;
    const std::int64_t bytes =
        live.query_int("PRAGMA page_count") * live.query_int("PRAGMA page_size");
    // A log is written back sooner or later: the content stays, the state does not.
    const bool needs_hash = !proof.state || !state->log_empty;
    if (needs_hash && bytes <= static_cast<std::int64_t>(small_bytes)) {
      proof.hash = content_hash(live);
    }
    return token_of(proof);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<Token> swap_by_backup(const SwapPlan& plan, const std::optional<Token>& expected,
                                    std::chrono::milliseconds busy_timeout) {
  const Workspace workspace(plan.outgoing.parent_path());
  sqlite::Connection live = open_database(plan.live, busy_timeout);
  // A journal that comes back after a power cut would take the exchange back: its removal is
  // synced.
  live.execute("PRAGMA synchronous=EXTRA");
  const bool wal = is_wal(live);
  if (wal) try_empty_wal(live);
  const std::filesystem::path source = fitting_source(plan, live, workspace, busy_timeout);
  std::optional<Token> token;
  {
    sqlite::Connection incoming(source, sqlite::Open::read_write, busy_timeout);
    Backup backup(live, incoming);
    lock_live(backup, live, busy_timeout);
    if (identity_of(plan.live) != plan.live_identity) {
      throw_busy(plan.live, plan.live.string() + " was replaced in the meantime");
    }
    keep_outgoing(plan, expected, live, wal, workspace, busy_timeout);
    backup.run(no_progress());
    backup.finish();
    const unsigned committed = data_version(live);
    if (wal) try_empty_wal(live);
    token = token_after(live, committed);
  }
  remove_file(plan.incoming);
  remove_sidecars(plan.incoming);
  sync_folder(plan.incoming.parent_path());
  return token;
}

}  // namespace quemsi::sqlite_engine
