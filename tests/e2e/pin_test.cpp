// Databases too large to be copied in an instant: a process of its own holds a view
// of them and reads it while the user goes on.
#include <csignal>

#include "e2e/fixture.hpp"
#include "util/file_lock.hpp"

namespace quemsi::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class Pin : public EndToEnd, public testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    set_up_shop(GetParam());
    sqlite(db, "CREATE TABLE big(x BLOB); INSERT INTO big VALUES (zeroblob(68000000));");
    main_ = contents();
  }

  /// A whole dump would be twice as large as the database.
  std::string contents() {
    return sqlite(db, ".dump users orders spenders\nSELECT count(*), sum(length(x)) FROM big;");
  }

  /// While it is held nothing is sealed, so the view stays open.
  FileLock stop_sealing() {
    return FileLock::lock(user.state_dir() / "packs.lock", LockMode::exclusive,
                          std::chrono::seconds(60));
  }

  void kill_reader() {
    for (const auto& entry : std::filesystem::directory_iterator(user.state_dir())) {
      if (!entry.path().filename().string().starts_with("pin-")) continue;
      ASSERT_EQ(kill(std::stoi(read_file(entry.path())), SIGKILL), 0);
    }
    EXPECT_TRUE(user.wait_for_processes(std::chrono::seconds(60)));
  }

  std::vector<std::string> background() {
    std::vector<std::string> kinds;
    const Json status = user.json({"status"});
    for (const Json& task : status.at("background")) kinds.push_back(task.at("kind"));
    return kinds;
  }

  std::string main_;
};

TEST_P(Pin, ANewBranchDoesNotWaitForTheCopy) {
  {
    const FileLock held = stop_sealing();
    user.git({"switch", "-q", "-c", "heir"});
    EXPECT_THAT(background(), Contains("pin"));
    sqlite(db, "DELETE FROM orders;");
  }
  const std::string heir = contents();
  user.settle();
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(contents(), main_);
  user.git({"switch", "-q", "heir"});
  EXPECT_EQ(contents(), heir);
  user.settle();
  user.quemsi({"fsck"});
}

TEST_P(Pin, ABranchThatIsStillBeingReadIsNotLeftHalf) {
  std::optional<FileLock> held = stop_sealing();
  user.git({"switch", "-q", "-c", "heir"});
  sqlite(db, "DELETE FROM orders;");
  const std::string heir = contents();
  const CommandResult result = user.run({"git", "switch", "-q", "main"});
  EXPECT_THAT(result.err, HasSubstr("still being read"));
  EXPECT_EQ(contents(), heir);
  held.reset();
  user.settle();
  user.git({"checkout", "-q"});
  EXPECT_EQ(contents(), main_);
  user.git({"switch", "-q", "heir"});
  EXPECT_EQ(contents(), heir);
}

TEST_P(Pin, AReaderThatDiesIsReplacedWhileNothingHasChanged) {
  {
    const FileLock held = stop_sealing();
    user.git({"switch", "-q", "-c", "heir"});
    kill_reader();
  }
  user.quemsi({"status"});
  user.settle();
  EXPECT_EQ(user.json({"status"}).at("warnings"), Json::array());
  sqlite(db, "DELETE FROM orders;");
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(contents(), main_);
}

TEST_P(Pin, WhatAReaderLostByDyingIsSaidLoudly) {
  {
    const FileLock held = stop_sealing();
    user.git({"switch", "-q", "-c", "heir"});
    kill_reader();
    sqlite(db, "DELETE FROM orders;");
  }
  const std::string heir = contents();
  const CommandResult status = user.try_quemsi({"status"});
  EXPECT_THAT(status.err, HasSubstr("LOST")) << status;
  EXPECT_THAT(user.quemsi({"status"}), HasSubstr("LOST"));
  EXPECT_EQ(contents(), heir);
}

TEST_P(Pin, ASnapshotInTheBackgroundHoldsWhatWasThereAtThatMoment) {
  {
    const FileLock held = stop_sealing();
    user.quemsi({"snapshot", "then", "--background"});
    sqlite(db, "DELETE FROM orders; INSERT INTO users(name) VALUES ('later');");
  }
  user.settle();
  user.quemsi({"restore", "--yes", "then"});
  EXPECT_EQ(contents(), main_);
}

INSTANTIATE_TEST_SUITE_P(Of, Pin, testing::Values("delete", "wal"));

}  // namespace
}  // namespace quemsi::test
