#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "unit/store/support.hpp"

namespace quemsi::test {
namespace {

const auto all_dead = [](const PackInfo&) { return true; };

/// Another process that holds the packs until it is released.
class HoldingProcess {
 public:
  explicit HoldingProcess(const std::filesystem::path& root) {
    std::array<int, 2> ready{};
    std::array<int, 2> release{};
    if (pipe(ready.data()) != 0 || pipe(release.data()) != 0) std::abort();
    child_ = fork();
    if (child_ == 0) {
      close(release[1]);
      MemoryIndex index;
      const auto store = open_store(root, index);
      const auto hold = store->hold_packs(no_wait);
      char byte = 'x';
      static_cast<void>(!write(ready[1], &byte, 1));
      static_cast<void>(!::read(release[0], &byte, 1));
      _exit(0);
    }
    close(ready[1]);
    close(release[0]);
    char byte = 0;
    holds_ = ::read(ready[0], &byte, 1) == 1;
    close(ready[0]);
    release_ = release[1];
  }
  ~HoldingProcess() { release(); }
  HoldingProcess(const HoldingProcess&) = delete;
  HoldingProcess& operator=(const HoldingProcess&) = delete;

  [[nodiscard]] bool holds() const { return holds_; }
  void release() {
    if (release_ < 0) return;
    close(release_);
    release_ = -1;
    waitpid(child_, nullptr, 0);
  }

 private:
  pid_t child_ = -1;
  int release_ = -1;
  bool holds_ = false;
};

TEST(StoreLock, NoPackIsRemovedWhileAnotherProcessHoldsThem) {
  StoreTest test;
  const SealedImage sealed = test.seal(small_image());
  HoldingProcess other(test.root());
  ASSERT_TRUE(other.holds());
  const auto error = error_of([&] { test.store->remove_packs(all_dead, no_wait); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::busy);
  EXPECT_EQ(test.pack_names(), sealed.packs);
  other.release();
  EXPECT_GT(test.store->remove_packs(all_dead, no_wait), 0U);
  EXPECT_TRUE(test.pack_names().empty());
}

TEST(StoreLock, NoPackIsRemovedUnderAHoldOfThisProcess) {
  StoreTest test;
  const SealedImage sealed = test.seal(small_image());
  const auto hold = test.store->hold_packs(no_wait);
  EXPECT_TRUE(error_of([&] { test.store->remove_packs(all_dead, no_wait); }));
  EXPECT_EQ(test.pack_names(), sealed.packs);
}

TEST(StoreLock, SeveralProcessesHoldAtOnce) {
  StoreTest test;
  const HoldingProcess one(test.root());
  const HoldingProcess two(test.root());
  EXPECT_TRUE(one.holds() && two.holds());
  EXPECT_NO_THROW(static_cast<void>(test.store->hold_packs(no_wait)));
}

TEST(StoreLock, NobodyIsAloneWhileSomebodyHolds) {
  StoreTest test;
  HoldingProcess other(test.root());
  ASSERT_TRUE(other.holds());
  EXPECT_EQ(test.store->hold_packs_alone(no_wait), nullptr);
  other.release();
  const auto alone = test.store->hold_packs_alone(no_wait);
  EXPECT_NE(alone, nullptr);
  EXPECT_TRUE(error_of([&] { static_cast<void>(test.store->hold_packs(no_wait)); }));
}

TEST(StoreLock, NobodyHoldsDuringARemoval) {
  StoreTest test;
  static_cast<void>(test.seal(small_image()));
  std::optional<Error> error;
  test.store->remove_packs(
      [&](const PackInfo&) {
        error = error_of([&] { static_cast<void>(test.store->hold_packs(no_wait)); });
        return false;
      },
      no_wait);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::busy);
}

TEST(StoreRemoval, RemovesTheDeadAndKeepsTheLiving) {
  StoreTest test;
  const SealedImage first = test.seal(small_image());
  TestImage other = small_image();
  other.sections[0].chunks[0].bytes = noise(5000, 1);
  const SealedImage second = test.seal(other);
  ASSERT_EQ(second.packs.size(), 2U);
  const std::string added = second.packs[second.packs[0] == first.packs[0] ? 1 : 0];
  const std::uint64_t freed = test.store->remove_packs(
      [&](const PackInfo& pack) {
        if (pack.name != added) return false;
        test.index.remove_pack(pack.name);
        return true;
      },
      no_wait);
  EXPECT_EQ(freed, second.stored_bytes);
  EXPECT_EQ(test.pack_names(), first.packs);
  EXPECT_TRUE(test.read(first.manifest) == small_image());
}

TEST(StoreRemoval, LeavesFilesAloneThatAreNotOurs) {
  StoreTest test;
  write_file(test.packs() / "notes.txt", "mine");
  write_file(test.temporary() / "notes.txt", "mine");
  test.store->remove_packs(all_dead, no_wait);
  EXPECT_EQ(test.pack_names(), std::vector<std::string>{"notes.txt"});
  EXPECT_EQ(names_in(test.temporary()), std::vector<std::string>{"notes.txt"});
}

}  // namespace
}  // namespace quemsi::test
