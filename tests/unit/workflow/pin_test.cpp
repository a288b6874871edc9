#include "workflow/pin.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "fixture.hpp"
#include "support/file_damage.hpp"
#include "workflow/capture.hpp"
#include "workflow/live.hpp"

namespace quemsi {
namespace {

/// A pin is taken of what is too large to copy in an instant. Here it is asked
/// for directly, so that small databases serve.
class PinTest : public WorkflowTest {
 protected:
  void SetUp() override {
    for (const char* name : {"one", "two"}) sql(name, "PRAGMA journal_mode = WAL");
  }

  Snapshot pin() {
    const Snapshot snapshot = new_snapshot(project(), owner(), SnapshotKind::checkpoint);
    return pin_snapshot(project(), owner(), snapshot, {"one", "two"}, Content::all);
  }

  /// What a pin looks like whose process was killed at once.
  Snapshot dead_pin(const std::map<std::string, Token>& tokens) {
    Snapshot snapshot = new_snapshot(project(), owner(), SnapshotKind::checkpoint);
    for (const char* name : {"one", "two"}) {
      Image image = new_image(project(), name, Content::all);
      image.parked.reset();
      snapshot.images.push_back(image);
    }
    snapshot.pending = true;
    project().catalogue().insert_snapshot(snapshot);
    Owner standing = owner();
    standing.base = snapshot.id;
    standing.tokens = tokens;
    project().catalogue().set_owner(standing);
    return snapshot;
  }

  std::map<std::string, Token> true_tokens() {
    take("proof");
    return owner().tokens;
  }
};

TEST_F(PinTest, HoldsTheStateOfTheMomentWhileTheApplicationWrites) {
  const Snapshot snapshot = pin();
  sql("one", "INSERT INTO t VALUES ('later')");
  sandbox().settle();
  ASSERT_TRUE(project().catalogue().pending_snapshots().empty());
  restore_snapshot(project(), {.snapshot = snapshot.id.str()}, no_progress());
  EXPECT_EQ(rows("one"), "main");
}

TEST_F(PinTest, MayBeReadByTheCommandItself) {
  std::optional<OperationLock> lock(std::in_place, project());
  const Snapshot snapshot =
      read_snapshot(project(), owner(), new_snapshot(project(), owner(), SnapshotKind::manual),
                    {"one", "two"}, Content::all, lock, no_progress());
  EXPECT_FALSE(lock);
  EXPECT_FALSE(snapshot.pending);
  EXPECT_TRUE(snapshot.images[0].manifest);
  EXPECT_EQ(owner().base, snapshot.id);
  sql("one", "INSERT INTO t VALUES ('later')");
  restore_snapshot(project(), {.snapshot = snapshot.id.str()}, no_progress());
  EXPECT_EQ(rows("one"), "main");
}

/// As a user who presses Ctrl-C.
class StoppedProgress : public Progress {
 public:
  void begin(std::string_view /*what*/, std::uint64_t /*total*/) override {}
  void advance(std::uint64_t /*bytes*/) override {}
  void end() override {}
  void check_cancelled() override { throw Error(ErrorKind::cancelled, "stopped"); }
};

TEST_F(PinTest, LeavesNothingBehindWhenItsReaderIsStopped) {
  const std::optional<SnapshotId> base = owner().base;
  const std::size_t before = project().catalogue().snapshot_count();
  std::optional<OperationLock> lock(std::in_place, project());
  StoppedProgress progress;
  EXPECT_THROW(
      read_snapshot(project(), owner(), new_snapshot(project(), owner(), SnapshotKind::manual),
                    {"one"}, Content::all, lock, progress),
      Error);
  EXPECT_EQ(owner().base, base);
  EXPECT_EQ(project().catalogue().snapshot_count(), before);
  EXPECT_TRUE(project().catalogue().pending_snapshots().empty());
}

TEST_F(PinTest, IsTakenAgainWhenItsProcessDiedAndNothingChanged) {
  const Snapshot snapshot = dead_pin(true_tokens());
  reconcile(project());
  const std::optional<Snapshot> after = project().catalogue().snapshot(snapshot.id);
  ASSERT_TRUE(after);
  EXPECT_FALSE(after->pending);
  EXPECT_TRUE(after->images[0].parked);
}

TEST_F(PinTest, IsWholeWhenWhoLeftTheBranchHasParkedWhatItRead) {
  const Snapshot snapshot = dead_pin(true_tokens());
  for (const Image& image : snapshot.images) {
    const ParkedName copy = parked_name(new_image_id());
    project()
        .database(image.database)
        .copy_live(copy, Content::all, CopyLimit::none, no_progress());
    project().catalogue().set_parked(image.id, copy);
  }
  sql("one", "INSERT INTO t VALUES ('of another branch')");
  reconcile(project());
  const std::optional<Snapshot> after = project().catalogue().snapshot(snapshot.id);
  ASSERT_TRUE(after);
  EXPECT_FALSE(after->pending);
  restore_snapshot(project(), {.snapshot = snapshot.id.str()}, no_progress());
  EXPECT_EQ(rows("one"), "main");
  sandbox().settle();
  EXPECT_TRUE(project().catalogue().record(snapshot.id));
}

TEST_F(PinTest, SaysLoudlyWhatIsLostWhenItsProcessDiedAndDataChanged) {
  const Snapshot snapshot = dead_pin(true_tokens());
  sql("one", "INSERT INTO t VALUES ('later')");
  const std::vector<std::string> lines = reconcile(project());
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("LOST")) << lines[0];
  EXPECT_FALSE(project().catalogue().snapshot(snapshot.id));
  const auto warnings = [&] { return testing::PrintToString(status(project()).warnings); };
  EXPECT_NE(warnings().find("LOST"), std::string::npos);
  run_worker(project());
  EXPECT_NE(warnings().find("LOST"), std::string::npos) << "it stays to be read";
  static_cast<void>(gc(project(), no_progress()));
  EXPECT_EQ(warnings().find("LOST"), std::string::npos);
  EXPECT_EQ(rows("one"), "main,later");
}

/// A pin whose process cannot put into the store what it reads.
class FailingPinTest : public PinTest {
 protected:
  Snapshot failed_pin() {
    const std::filesystem::path packs = sandbox().state_dir() / "packs";
    std::filesystem::remove_all(packs);
    test::write_file(packs, "in the way");
    const Snapshot snapshot = pin();
    EXPECT_TRUE(sandbox().wait_for_processes(std::chrono::seconds(60)));
    std::filesystem::remove(packs);
    return snapshot;
  }

  [[nodiscard]] std::vector<std::string> files_of_pins() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(sandbox().state_dir())) {
      std::string name = entry.path().filename();
      if (name.starts_with("pin-")) names.push_back(std::move(name));
    }
    return names;
  }
};

TEST_F(FailingPinTest, WhatIsLostIsSaidWithItsReason) {
  const Snapshot snapshot = failed_pin();
  sql("one", "INSERT INTO t VALUES ('later')");
  const std::vector<std::string> lines = reconcile(project());
  ASSERT_THAT(lines, testing::SizeIs(1));
  EXPECT_THAT(lines[0], testing::AllOf(testing::StartsWith("LOST"), testing::HasSubstr("packs"),
                                       testing::Not(testing::HasSubstr("died"))));
  EXPECT_FALSE(project().catalogue().snapshot(snapshot.id));
  EXPECT_THAT(files_of_pins(), testing::IsEmpty());
}

TEST_F(FailingPinTest, WhatIsTakenAgainIsSaidWithTheReason) {
  const Snapshot snapshot = failed_pin();
  EXPECT_THAT(reconcile(project()), testing::ElementsAre(testing::AllOf(
                                        testing::HasSubstr("again"), testing::HasSubstr("packs"))));
  EXPECT_TRUE(project().catalogue().snapshot(snapshot.id));
  EXPECT_THAT(files_of_pins(), testing::IsEmpty());
}

}  // namespace
}  // namespace quemsi
