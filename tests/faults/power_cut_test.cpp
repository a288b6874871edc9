// The power is cut at any moment of any operation: what was written and not synced is lost, or is
// there in part, and names and bytes reach the disk in no particular order. The next commands find
// a complete state and every row.
//
// An operation is recorded once; then the disk is what it may be after a cut at one of its calls.
// Usually some calls are passed over; with QUEMSI_LONG_TESTS none is.
#include <gtest/gtest.h>

#include <array>

#include "faults/disk.hpp"
#include "faults/operations.hpp"
#include "faults/tally.hpp"
#include "support/file_damage.hpp"

namespace quemsi::test {
namespace {

namespace fs = std::filesystem;

constexpr std::array cuts{Cut::all_lost, Cut::data_lost, Cut::some_lost};
constexpr std::size_t usual_moments = 2;

void copy_folder(const fs::path& from, const fs::path& to) {
  const CommandResult result =
      run_command({.argv = {"cp", "-a", from, to}, .environment = {{"PATH", "/usr/bin:/bin"}}});
  require(result.exit_code == 0, "cp -a: " + result.err);
}

/// Calls that change nothing of what is left.
bool is_moment(const Record& record) {
  return record.kind != RECORD_SYNC && record.kind != RECORD_SYNC_NAMES;
}

class PowerCut : public testing::TestWithParam<const Operation*> {
 protected:
  const Operation& operation() { return *GetParam(); }
  Sandbox& user() { return world_.user(); }

  /// What git itself does is done before: it is not git that is tested.
  Words command() {
    if (operation().verb != "hook") return operation().command;
    user().set("GIT_QUEMSI_SKIP", "1");
    user().ok(operation().command);
    user().unset("GIT_QUEMSI_SKIP");
    return {"git", "checkout", "-q"};
  }

  /// Leaves in `records_` all that the operation and its background work do, and in `after()` what
  /// is there then.
  void record() {
    world_.reset();
    Bystander bystander = operation().arrange(world_);
    const Words words = command();
    require(user().wait_for_processes(std::chrono::seconds(60)), "a process does not end");
    disk_.emplace(user().top(), folder_.path() / "pins");
    user().set("QUEMSI_RECORD", log());
    user().set("QUEMSI_RECORD_ROOT", user().top().string());
    user().set("LD_PRELOAD", preloadable(QUEMSI_RECORDER));
    user().ok(words);
    require(user().wait_for_processes(std::chrono::seconds(60)), "a process does not end");
    for (const char* name : {"QUEMSI_RECORD", "QUEMSI_RECORD_ROOT", "LD_PRELOAD"}) {
      user().unset(name);
    }
    copy_folder(user().top(), after());
    records_ = read_records(log());
  }

  /// The record is all that was changed: its end is what was there.
  void expect_complete_record() {
    int compared = 0;
    for (const auto& [path, content] : disk_->now().files) {
      const fs::path name = after() / fs::path(path).lexically_relative(user().top());
      const std::string file = name.filename();
      if (file.ends_with("-shm") || file.ends_with(".lock") || fs::is_symlink(name)) continue;
      // git's own files are its business.
      if (path.find("/.git/") != std::string::npos && path.find("/quemsi/") == std::string::npos) {
        continue;
      }
      EXPECT_TRUE(fs::exists(name) && read_file(name) == content->bytes) << name;
      ++compared;
    }
    EXPECT_GT(compared, 5);
  }

  void cut_after(Cut cut, std::size_t moment) {
    std::mt19937 chance(static_cast<unsigned>(moment));
    require(user().wait_for_processes(std::chrono::seconds(60)), "a process does not end");
    put_on_disk(disk_->after(cut, chance), user().top());
    const std::string found = problem_after(operation(), world_);
    EXPECT_EQ(found, "") << operation().name << ", the power cut after call " << moment << " of "
                         << records_.size() << ", " << records_[moment].path << ": "
                         << to_string(cut);
  }

  [[nodiscard]] fs::path after() const { return folder_.path() / "after"; }
  [[nodiscard]] fs::path log() const { return folder_.path() / "log"; }

  World world_;
  TempDir folder_;
  std::optional<Disk> disk_;
  std::vector<Record> records_;
};

TEST_P(PowerCut, LeavesTheStateBeforeOrTheStateAfterAndEveryRow) {
  record();
  const auto moments = static_cast<std::size_t>(std::ranges::count_if(records_, is_moment));
  ASSERT_GT(moments, 3U);
  const std::size_t step = strikes_all() ? 1 : std::max<std::size_t>(1, moments / usual_moments);
  std::size_t seen = 0;
  int cases = 0;
  for (std::size_t at = 0; at < records_.size() && !HasFailure(); ++at) {
    disk_->apply(records_[at]);
    if (!is_moment(records_[at]) || seen++ % step != operation().name.size() % step) continue;
    for (const Cut cut : cuts) {
      cut_after(cut, at);
      ++cases;
    }
  }
  if (!HasFailure()) expect_complete_record();
  tally(operation().name, "power cut", cases, HasFailure() ? 1 : 0);
}

std::vector<const Operation*> every_operation() {
  std::vector<const Operation*> all;
  for (const Operation& operation : operations()) {
    // A killed switch is recovered from alike, wherever it was killed.
    const bool repeats = operation.name.starts_with("recovery_") && operation.name != "recovery_50";
    if (!repeats) all.push_back(&operation);
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(During, PowerCut, testing::ValuesIn(every_operation()),
                         [](const auto& test) { return test.param->name; });

}  // namespace
}  // namespace quemsi::test
