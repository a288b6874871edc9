// A disk that is really full: a small tmpfs, with less and less room left. Runs
// in a mount namespace of its own (see CMakeLists.txt), so nothing is left behind.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "faults/small_disk.hpp"
#include "faults/tally.hpp"
#include "support/file_damage.hpp"
#include "support/long_tests.hpp"
#include "support/sandbox.hpp"
#include "support/sqlite_cli.hpp"

namespace quemsi::test {
namespace {

constexpr std::size_t disk_bytes = std::size_t{24} << 20;

class FullDisk : public testing::TestWithParam<std::vector<std::string>> {
 protected:
  FullDisk() {
    sqlite(db_,
           "CREATE TABLE t(id INTEGER PRIMARY KEY, x BLOB);"
           "INSERT INTO t(x) VALUES (randomblob(1500000));");
    user_.quemsi({"init", "--yes"});
    user_.commit("Configure");
    user_.quemsi({"snapshot", "first"});
    first_ = dump(db_);
    user_.git({"switch", "-q", "-c", "feature"});
    sqlite(db_, "INSERT INTO t(x) VALUES (randomblob(900000));");
    feature_ = dump(db_);
    user_.git({"switch", "-q", "main"});
    sqlite(db_, "INSERT INTO t(x) VALUES (randomblob(700000));");
    main_ = dump(db_);
    user_.settle();
  }

  void expect_nothing_lost() {
    user_.quemsi({"status"});
    user_.ok({"git-quemsi", "worker"});
    user_.settle();
    EXPECT_EQ(integrity(db_), "ok");
    const nlohmann::json report = user_.json({"fsck"});
    EXPECT_TRUE(report.at("findings").empty()) << report.dump(2);
    // A restore that went through is the last operation that can be undone.
    if (dump(db_) == first_) user_.quemsi({"undo", "--yes"});
    user_.git({"checkout", "-q"});
    user_.git({"switch", "-q", "feature"});
    EXPECT_EQ(dump(db_), feature_);
    user_.git({"switch", "-q", "main"});
    EXPECT_EQ(dump(db_), main_);
    user_.settle();
  }

  SmallDisk disk_{disk_bytes};
  Sandbox user_{{.bin_dir = QUEMSI_BIN_DIR, .parent = disk_.path() / "user"}};
  std::filesystem::path db_ = user_.top() / "app.db";
  std::string first_;
  std::string feature_;
  std::string main_;
};

TEST_P(FullDisk, LosesNothingAndSaysWhatIsWrong) {
  int refused = 0;
  int done = 0;
  int foreseen = 0;
  const auto times = static_cast<std::size_t>(stride(5));
  for (std::size_t left = 0; left <= (std::size_t{8} << 20);
       left += times * (left < 131072 ? 16384 : 524288)) {
    disk_.fill_up_to(left);
    const CommandResult result = user_.run(GetParam());
    disk_.make_room();
    const bool complains = std::ranges::any_of(
        // The last one is git's own.
        std::array{"No space left on device", "disk is full", "Out of diskspace",
                   "not enough room"},
        [&](const char* text) { return result.err.find(text) != std::string::npos; });
    foreseen += result.err.find("not enough room") != std::string::npos ? 1 : 0;
    (complains || result.exit_code != 0 ? refused : done) += 1;
    EXPECT_TRUE(complains || result.exit_code == 0) << left << " bytes left: " << result;
    SCOPED_TRACE(std::to_string(left) + " bytes left: " + result.err);
    expect_nothing_lost();
    if (HasFailure()) break;
    if (user_.try_quemsi({"show", "new"}).exit_code == 0) user_.quemsi({"delete", "new", "--yes"});
    user_.settle();
  }
  tally(GetParam().at(1) == "quemsi" ? GetParam().at(2) : GetParam().at(1), "disk really full",
        refused + done, HasFailure() ? 1 : 0);
  EXPECT_GT(refused, 0);
  EXPECT_GT(done, 0);
  // A snapshot copies, which can be told beforehand.
  if (GetParam().at(2) == "snapshot") {
    EXPECT_GT(foreseen, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(During, FullDisk,
                         testing::Values(Words{"git", "quemsi", "snapshot", "new"},
                                         Words{"git", "quemsi", "restore", "--yes", "first"},
                                         Words{"git", "switch", "-q", "feature"}),
                         [](const auto& test) {
                           return test.param.at(1) == "quemsi" ? test.param.at(2)
                                                               : test.param.at(1);
                         });

}  // namespace
}  // namespace quemsi::test
