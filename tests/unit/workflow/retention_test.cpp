#include "workflow/retention.hpp"

#include <gmock/gmock.h>

#include <string>

namespace quemsi {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 30} +
                        std::chrono::hours(12)};
constexpr Retention last_only{.last = 2, .daily = 0, .weekly = 0};

/// Snapshots of one branch, newest first.
class RetentionTest : public testing::Test {
 public:
  RetentionTest& taken(std::chrono::minutes ago, SnapshotKind kind = SnapshotKind::checkpoint) {
    Snapshot snapshot{.id = SnapshotId("s" + std::to_string(snapshots_.size())), .kind = kind};
    snapshot.branch_key = BranchKey("main");
    snapshot.created_at = now - ago;
    snapshots_.push_back(snapshot);
    return *this;
  }

 protected:
  std::vector<std::string> beyond(const Retention& retention) {
    std::vector<std::string> ids;
    for (const Snapshot& snapshot : beyond_retention(snapshots_, retention, now)) {
      ids.push_back(snapshot.id.str());
    }
    return ids;
  }

  std::vector<Snapshot> snapshots_;
};

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

TEST_F(RetentionTest, KeepsTheNewest) {
  for (int i = 2; i < 6; ++i) taken(days(i));
  EXPECT_THAT(beyond(last_only), ElementsAre("s2", "s3"));
}

TEST_F(RetentionTest, KeepsWhatIsADayOld) {
  for (int i = 0; i < 4; ++i) taken(hours(i));
  taken(days(1) - minutes(1)).taken(days(1));
  EXPECT_THAT(beyond(last_only), ElementsAre("s5"));
}

TEST_F(RetentionTest, KeepsWhatTheClockPutsIntoTheFuture) {
  for (int i = 5; i > 0; --i) taken(-days(i));
  EXPECT_THAT(beyond(last_only), IsEmpty());
}

TEST_F(RetentionTest, NeverNamesWhatSomebodyAskedFor) {
  taken(days(2)).taken(days(3), SnapshotKind::safety);
  taken(days(4), SnapshotKind::manual).taken(days(5), SnapshotKind::imported).taken(days(6));
  taken(days(7));
  snapshots_.back().tags = {"worth keeping"};
  EXPECT_THAT(beyond(last_only), ElementsAre("s4"));
}

TEST_F(RetentionTest, KeepsTheNewestOfEachOfTheLastDays) {
  for (int day = 2; day < 6; ++day) taken(days(day)).taken(days(day) + hours(1));
  EXPECT_THAT(beyond({.last = 1, .daily = 3, .weekly = 0}),
              ElementsAre("s1", "s3", "s5", "s6", "s7"));
}

TEST_F(RetentionTest, KeepsTheNewestOfEachOfTheLastWeeks) {
  for (int day = 10; day < 50; day += 5) taken(days(day));
  EXPECT_EQ(beyond({.last = 1, .daily = 0, .weekly = 3}).size(), 8U - 3U);
}

TEST_F(RetentionTest, CountsEachBranchForItself) {
  taken(days(2)).taken(days(3)).taken(days(4)).taken(days(5));
  snapshots_[1].branch_key = BranchKey("side");
  snapshots_[3].branch_key = BranchKey("side");
  EXPECT_THAT(beyond(last_only), IsEmpty());
}

}  // namespace
}  // namespace quemsi
