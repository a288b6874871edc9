// Live is linked to `outgoing`, then `incoming` is renamed over it: the live path
// never is missing, and an inode tells afterwards how far it came.
#include <unistd.h>

#include <cerrno>

#include "engine/sqlite/hash.hpp"
#include "engine/sqlite/lease.hpp"
#include "engine/sqlite/pages.hpp"
#include "engine/sqlite/sole_use.hpp"
#include "engine/sqlite/swap.hpp"
#include "engine/sqlite/token.hpp"
#include "quemsi/error.hpp"

namespace quemsi::sqlite_engine {
namespace {

/// False when these folders cannot share a file.
bool link_outgoing(const SwapPlan& plan) {
  if (link(plan.live.c_str(), plan.outgoing.c_str()) == 0) {
    sync_folder(plan.outgoing.parent_path());
    return true;
  }
  if (errno == EEXIST || errno == ENOSPC || errno == EDQUOT) {
    throw_errno(errno, "link", plan.outgoing);
  }
  return false;
}

bool rename_incoming(const SwapPlan& plan) {
  if (rename(plan.incoming.c_str(), plan.live.c_str()) == 0) return true;
  const int code = errno;
  remove_file(plan.outgoing);
  if (code == EXDEV) return false;
  throw_errno(code, "rename to", plan.live);
}

/// Somebody found live's old file before the rename and waits to open it: it has
/// to be live again before he may. Each file keeps a name at every moment.
void take_back(const SwapPlan& plan) {
  if (link(plan.live.c_str(), plan.incoming.c_str()) != 0) {
    throw_errno(errno, "link", plan.incoming);
  }
  sync_folder(plan.incoming.parent_path());
  rename_durably(plan.outgoing, plan.live);
}

/// Live must not be opened here, not even by us: that would wait for the lease to end.
std::optional<Token> token_under_lease(const std::filesystem::path& live, const Lease& lease) {
  const auto state = settled_state_of(live);
  Proof proof;
  if (state && state->settled) {
    proof.state = state->text;
  } else if (const auto bytes = read_layout(lease.fd(), live).bytes(); bytes <= small_bytes) {
    proof.hash = file_hash(lease.fd(), bytes, live);
  }
  return token_of(proof);
}

}  // namespace

LeaseSwap swap_by_lease(const SwapPlan& plan, const std::optional<Token>& expected,
                        std::chrono::milliseconds busy_timeout) {
  tidy(plan.live, busy_timeout);
  const auto live = Lease::take(plan.live);
  const auto incoming = Lease::take(plan.incoming);
  if (!live || !incoming || live->identity() != plan.live_identity ||
      incoming->identity() != plan.incoming_identity || !stands_alone(plan.live)) {
    return {};
  }
  if (expected && !holds(*expected, plan.live, *live)) throw_changed(plan.live);
  copy_attributes(plan.live, plan.incoming);
  sync_file(live->fd(), plan.live);
  if (!live->untouched() || !link_outgoing(plan) || !rename_incoming(plan)) return {};
  if (live->untouched()) {
    sync_folder(plan.live.parent_path());
    const auto token = token_under_lease(plan.live, *incoming);
    // Looked at once more: who had found the old file by then has asked for it by now.
    if (live->untouched()) return {.done = true, .token = token};
  }
  take_back(plan);
  return {};
}

}  // namespace quemsi::sqlite_engine
