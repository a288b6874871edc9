#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "fixture.hpp"

namespace quemsi {
namespace {

class TransactionTest : public CatalogueTest {};

TEST_F(TransactionTest, KeepsNothingWhenTheWorkThrows) {
  EXPECT_THROW(catalogue().transaction([&] {
    catalogue().insert_snapshot(some_snapshot());
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_EQ(catalogue().snapshot_count(), 0U);
  catalogue().insert_snapshot(some_snapshot());
  EXPECT_EQ(catalogue().snapshot_count(), 1U);
}

TEST_F(TransactionTest, JoinsTheOneThatIsOpen) {
  EXPECT_THROW(catalogue().transaction([&] {
    catalogue().transaction([&] { catalogue().insert_snapshot(some_snapshot()); });
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_EQ(catalogue().snapshot_count(), 0U);
}

TEST_F(TransactionTest, IsSeenByAnotherProcessWholeOrNotAtAll) {
  Catalogue other(file());
  catalogue().transaction([&] {
    catalogue().insert_snapshot(some_snapshot());
    EXPECT_EQ(other.snapshot_count(), 0U);
  });
  EXPECT_EQ(other.snapshot_count(), 1U);
}

TEST_F(TransactionTest, LeavesTheOldStateWhenTheProcessIsKilledInTheMiddle) {
  catalogue().insert_snapshot(some_snapshot());
  reopen();
  const pid_t child = fork();
  if (child == 0) {
    Catalogue own(file());
    own.transaction([&] {
      own.insert_snapshot(some_snapshot());
      kill(getpid(), SIGKILL);
    });
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(catalogue().snapshot_count(), 1U);
  EXPECT_TRUE(catalogue().check().empty());
}

}  // namespace
}  // namespace quemsi
