// What a check makes of a repository in which others are at work.
#include <gmock/gmock.h>

#include <future>

#include "fixture.hpp"
#include "store/loader.hpp"
#include "support/file_damage.hpp"
#include "workflow/copies.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/rebuild.hpp"
#include "workflow/worker_lock.hpp"

namespace quemsi {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

/// Calls back whenever somebody asks whether to go on.
class WatchedProgress : public Progress {
 public:
  explicit WatchedProgress(std::function<void()> asked) : asked_(std::move(asked)) {}
  void begin(std::string_view /*what*/, std::uint64_t /*total*/) override { begun_ = true; }
  void advance(std::uint64_t /*bytes*/) override {}
  void end() override {}
  void check_cancelled() override { asked_(); }
  /// Reading has.
  [[nodiscard]] bool begun() const { return begun_; }

 private:
  bool begun_ = false;
  std::function<void()> asked_;
};

/// A writer that is killed, or has not come so far, enters nothing.
class NoIndex : public ChunkIndex {
 public:
  std::optional<ChunkLocation> find(const ChunkId& /*id*/) override { return std::nullopt; }
  void add_pack(const PackInfo& /*pack*/, std::span<const PackEntry> /*entries*/) override {}
};

class FsckTest : public WorkflowTest {
 protected:
  void SetUp() override {
    take("seed");
    sandbox().settle();
  }

  std::vector<FsckFinding> findings() { return fsck(project(), false, no_progress()).findings; }
};

TEST_F(FsckTest, WaitsUntilTheWorkerIsThrough) {
  std::optional<FileLock> worker = FileLock::try_lock(worker_lock(project()), LockMode::exclusive);
  ASSERT_TRUE(worker);
  bool waited = false;
  WatchedProgress progress([&] {
    waited = waited || !progress.begun();
    worker.reset();
  });
  EXPECT_THAT(fsck(project(), false, progress).findings, IsEmpty());
  EXPECT_TRUE(waited);
}

/// Killed after it had taken the pack out of the index, and before it had moved it.
TEST_F(FsckTest, ARepairThatWasKilledIsRepairedWhole) {
  Catalogue& catalogue = project().catalogue();
  const Image image = resolve_snapshot(project(), "seed").images.at(0);
  ASSERT_TRUE(image.parked && !image.packs.empty());
  const std::string pack = image.packs.front();
  test::flip_byte(project().state_dir() / "packs" / pack, 40);
  catalogue.clear_seal(image.id);
  catalogue.remove_pack(pack);
  const FsckReport report = fsck(project(), true, no_progress());
  EXPECT_THAT(report.findings, testing::SizeIs(testing::Ge(2U)));
  for (const FsckFinding& finding : report.findings) {
    EXPECT_TRUE(finding.repaired) << finding.what;
  }
  sandbox().settle();
  end_command();
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(FsckTest, KeepsWorkersAwayWhileItReads) {
  bool kept_away = false;
  WatchedProgress progress(
      [&] { kept_away = !FileLock::try_lock(worker_lock(project()), LockMode::exclusive); });
  static_cast<void>(fsck(project(), false, progress));
  EXPECT_TRUE(kept_away);
  EXPECT_TRUE(FileLock::try_lock(worker_lock(project()), LockMode::exclusive));
}

TEST_F(FsckTest, MayBeInterruptedWhileItWaits) {
  const std::optional<FileLock> worker =
      FileLock::try_lock(worker_lock(project()), LockMode::exclusive);
  WatchedProgress progress([] { throw Error(ErrorKind::cancelled, "interrupted"); });
  EXPECT_THROW(static_cast<void>(fsck(project(), false, progress)), Error);
  EXPECT_FALSE(progress.begun());
}

TEST_F(FsckTest, APackThatIsBeingEnteredIsNoDamage) {
  NoIndex index;
  const std::unique_ptr<Store> writer = load_store(QUEMSI_MODULE_DIR, project().state_dir(), index);
  std::unique_ptr<PackHold> hold = writer->hold_packs(std::chrono::milliseconds(0));
  static_cast<void>(writer->write_record("{}"));
  EXPECT_THAT(findings(), IsEmpty());
  hold.reset();
  EXPECT_THAT(findings(), SizeIs(1));
}

TEST_F(FsckTest, NoBranchOfARebuiltCatalogueStandsAtWhatSomebodyDidAwayWith) {
  sql("one", "INSERT INTO t VALUES ('bad')");
  restore_snapshot(project(), {.snapshot = "seed"}, no_progress());
  sandbox().settle();
  const BranchKey branch = owner().branch.value();
  const Snapshot seed = resolve_snapshot(project(), "seed");
  std::filesystem::resize_file(project().catalogue_file(), 1000);
  end_command();
  EXPECT_THAT(fsck(project(), true, no_progress()).findings, testing::Not(IsEmpty()));
  ASSERT_EQ(project().catalogue().snapshots({.kind = SnapshotKind::safety}).size(), 1U);
  EXPECT_EQ(project().catalogue().tip(branch)->snapshot, seed.id);
}

TEST_F(FsckTest, WhoWaitedForARepairGoesOnWithTheNewCatalogue) {
  Project repairing(options());
  std::optional<OperationLock> held(std::in_place, repairing);
  std::promise<void> waits;
  ProjectOptions patient = options();
  patient.notice = [&](const std::string& /*line*/) { waits.set_value(); };
  std::future<SnapshotId> entered = std::async(std::launch::async, [&] {
    Project waiting(patient);
    Snapshot snapshot = waiting.catalogue().snapshots().front();
    const OperationLock lock(waiting);
    snapshot.id = new_snapshot_id();
    snapshot.tags.clear();
    snapshot.images.clear();
    snapshot.parent.reset();
    waiting.catalogue().insert_snapshot(snapshot);
    return snapshot.id;
  });
  waits.get_future().wait();
  FsckReport report;
  rebuild_catalogue(repairing, report);
  finish_rebuild(repairing);
  held.reset();
  EXPECT_TRUE(repairing.catalogue().snapshot(entered.get()));
}

TEST_F(FsckTest, ACopyThatAKilledWorkerMadeIsTheNextWorkersBusiness) {
  const ParkedCopy copy{"one", parked_name(new_image_id())};
  static_cast<void>(
      project().database("one").copy_live(copy.name, Content::all, CopyLimit::none, no_progress()));
  EXPECT_THAT(findings(), SizeIs(1));
  project().catalogue().write_journal({.worktree = WorktreeId("main"),
                                       .kind = std::string(journal_worker_copies),
                                       .payload = copies_payload({copy}),
                                       .started_at = project().now()});
  EXPECT_THAT(findings(), IsEmpty());
}

}  // namespace
}  // namespace quemsi
