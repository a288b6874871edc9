#include "workflow/retention.hpp"

#include <map>
#include <set>

namespace quemsi {
namespace {

/// One branch's, asked from the newest to the oldest.
class Keeper {
 public:
  bool keeps(Timestamp taken, const Retention& retention) {
    using std::chrono::floor;
    const bool among_last = ++seen_ <= retention.last;
    const bool of_day = is_first(days_, floor<std::chrono::days>(taken), retention.daily);
    const bool of_week = is_first(weeks_, floor<std::chrono::weeks>(taken), retention.weekly);
    return among_last || of_day || of_week;
  }

 private:
  template <class Period>
  static bool is_first(std::set<Period>& periods, Period period, std::uint64_t most) {
    return periods.size() < most && periods.insert(period).second;
  }

  std::uint64_t seen_ = 0;
  std::set<std::chrono::sys_time<std::chrono::days>> days_;
  std::set<std::chrono::sys_time<std::chrono::weeks>> weeks_;
};

bool is_automatic(const Snapshot& snapshot) {
  const bool by_itself =
      snapshot.kind == SnapshotKind::checkpoint || snapshot.kind == SnapshotKind::safety;
  return by_itself && snapshot.tags.empty();
}

}  // namespace

bool is_past(Timestamp since, std::uint64_t days, Timestamp now) {
  return now - since >= std::chrono::days(days);
}

std::vector<Snapshot> beyond_retention(const std::vector<Snapshot>& newest_first,
                                       const Retention& retention, Timestamp now) {
  std::map<std::string, Keeper> branches;
  std::vector<Snapshot> beyond;
  for (const Snapshot& snapshot : newest_first) {
    if (!is_automatic(snapshot)) continue;
    const std::string branch = snapshot.branch_key ? snapshot.branch_key->str() : "";
    const bool kept = branches[branch].keeps(snapshot.created_at, retention);
    if (!kept && is_past(snapshot.created_at, 1, now)) beyond.push_back(snapshot);
  }
  return beyond;
}

}  // namespace quemsi
