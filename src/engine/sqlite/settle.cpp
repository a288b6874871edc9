// After a crash: did live get the new content or not?
//
// Renaming leaves it to be read from inodes. The backup API keeps live's inode,
// but raises live's schema cookie with the commit, while `outgoing` has the
// cookie from before. Only if an application has changed the schema since the
// crash does that not decide; then the pages do, by which of the two live is
// more like.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "engine/sqlite/opening.hpp"
#include "engine/sqlite/pages.hpp"
#include "engine/sqlite/reader.hpp"
#include "engine/sqlite/swap.hpp"
#include "quemsi/error.hpp"

namespace quemsi::sqlite_engine {
namespace {

/// A file's pages, for comparing.
class Pages {
 public:
  explicit Pages(const std::filesystem::path& file)
      : file_(file), fd_(open_file(file, O_RDONLY)), layout_(read_layout(fd_, file)) {}

  [[nodiscard]] std::uint64_t count() const { return layout_.page_count; }
  [[nodiscard]] std::uint32_t size() const { return layout_.page_size; }
  /// Without counters and cookie; empty beyond the end.
  [[nodiscard]] std::vector<std::byte> page(std::uint64_t index) const {
    std::vector<std::byte> bytes;
    if (index >= count()) return bytes;
    bytes.resize(size());
    read_exact_at(fd_, bytes, index * size(), file_);
    blank_lock_page(bytes, index * size(), size());
    if (index == 0) blank_counters(bytes);
    return bytes;
  }

 private:
  std::filesystem::path file_;
  Fd fd_;
  PageLayout layout_;
};

struct Likeness {
  std::uint64_t to_incoming = 0;
  std::uint64_t to_outgoing = 0;
  std::uint64_t apart = 0;  ///< pages in which those two differ
  bool equals_outgoing = true;
};

Likeness compare(const Pages& live, const Pages& incoming, const Pages& outgoing) {
  Likeness likeness;
  const std::uint64_t count = std::max({live.count(), incoming.count(), outgoing.count()});
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto now = live.page(i);
    const auto before = outgoing.page(i);
    const auto after = incoming.page(i);
    if (now != before) likeness.equals_outgoing = false;
    if (before == after) continue;
    ++likeness.apart;
    if (now == after) ++likeness.to_incoming;
    if (now == before) ++likeness.to_outgoing;
  }
  return likeness;
}

void drop(const std::filesystem::path& file) {
  remove_sidecars(file);
  if (remove_file(file)) sync_folder(file.parent_path());
}

/// What a failed or killed commit left in the log is not seen by those who have it open, but is
/// taken for a commit when the log is next recovered, unless another one stands in its place.
void end_unfinished_commit(const std::filesystem::path& live,
                           std::chrono::milliseconds busy_timeout) {
  sqlite::Connection connection = open_database(live, busy_timeout);
  if (!is_wal(connection)) return;
  connection.execute("PRAGMA synchronous=FULL");
  sqlite::Transaction write(connection, sqlite::Begin::immediate);
  connection.execute(
      fmt::format("PRAGMA user_version = {}", connection.query_int("PRAGMA user_version")));
  write.commit();
}

/// Both exist, and live is the file that it was: the commit may have happened.
Settled settle_backup(const SwapPlan& plan, std::chrono::milliseconds busy_timeout) {
  end_unfinished_commit(plan.live, busy_timeout);
  const Workspace workspace(plan.outgoing.parent_path());
  const std::filesystem::path copy = workspace.file("live");
  Reader reader(plan.live, busy_timeout);
  const auto cookie =
      static_cast<std::uint32_t>(reader.connection().query_int("PRAGMA schema_version"));
  reader.copy_to(copy, CopyLimit::none, no_progress());
  const Likeness likeness = compare(Pages(copy), Pages(plan.incoming), Pages(plan.outgoing));
  const std::uint32_t cookie_before =
      read_layout(open_file(plan.outgoing, O_RDONLY), plan.outgoing).schema_cookie;
  if (cookie == cookie_before || likeness.to_outgoing > likeness.to_incoming) {
    // If an application has written since, `outgoing` is what it started from: kept.
    if (likeness.equals_outgoing) drop(plan.outgoing);
    return Settled::not_done;
  }
  const bool arrived = likeness.to_incoming > likeness.to_outgoing || likeness.apart == 0;
  if (arrived) drop(plan.incoming);
  return Settled::done;
}

/// Devices may be numbered anew after a restart; inodes of one device are not.
bool is_renamed(const SwapPlan& plan, const std::optional<FileIdentity>& live) {
  const bool one_device = plan.live_identity->device == plan.incoming_identity.device;
  return one_device && live && live->inode == plan.incoming_identity.inode;
}

Settled settle_missing_live(const SwapPlan& plan) {
  return identity_of(plan.incoming) ? Settled::not_done : Settled::done;
}

}  // namespace

Settled settle(const SwapPlan& plan, std::chrono::milliseconds busy_timeout) {
  if (!plan.live_identity) return settle_missing_live(plan);
  const auto live = identity_of(plan.live);
  const auto incoming = identity_of(plan.incoming);
  const auto outgoing = identity_of(plan.outgoing);
  if (is_renamed(plan, live) || (incoming && incoming == live)) {
    // A second name: the renaming was about to be taken back.
    if (incoming && incoming == live) drop(plan.incoming);
    sync_folder(plan.live.parent_path());
    return Settled::done;
  }
  if (outgoing && outgoing == live) {
    drop(plan.outgoing);
    return Settled::not_done;
  }
  if (!outgoing) return Settled::not_done;
  if (!incoming) return Settled::done;
  return live ? settle_backup(plan, busy_timeout) : Settled::not_done;
}

}  // namespace quemsi::sqlite_engine
