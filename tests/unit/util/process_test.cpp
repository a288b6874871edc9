#include "util/process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "support/file_damage.hpp"
#include "support/temp_dir.hpp"

namespace quemsi {
namespace {

using std::chrono::seconds;

/// A pipe as a caller may have it: whoever is started inherits both ends.
struct InheritedPipe {
  InheritedPipe() {
    std::array<int, 2> fds{};
    if (pipe(fds.data()) != 0) throw std::runtime_error("pipe");
    read = Fd(fds[0]);
    write = Fd(fds[1]);
  }
  /// The reader's: that nobody has the other end open any more.
  [[nodiscard]] bool ends() const {
    pollfd polled{read.get(), POLLIN, 0};
    char byte = 0;
    return poll(&polled, 1, 10'000) == 1 && ::read(read.get(), &byte, 1) == 0;
  }
  Fd read;
  Fd write;
};

class Detached : public testing::Test {
 protected:
  /// What the shell does, until `release` is called.
  [[nodiscard]] std::vector<std::string> waiting(const std::string& script) const {
    return {"sh", "-c",
            script + "; while test -d . && ! test -e go; do sleep 0.01; done; echo done >>done"};
  }
  void release() const { test::write_file(folder() / "go", ""); }
  [[nodiscard]] bool is_done() const { return std::filesystem::exists(folder() / "done"); }

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  [[nodiscard]] std::filesystem::path log() const { return folder() / "log"; }

  void wait_for_end() const {
    for (int round = 0; round < 1000 && !is_done(); ++round) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_TRUE(is_done());
  }

 private:
  test::TempDir folder_;
};

TEST_F(Detached, KeepsNoDescriptorOfTheCallersOpen) {
  InheritedPipe pipe;
  start_detached(waiting(":"), folder(), log(), {});
  pipe.write = Fd();
  EXPECT_TRUE(pipe.ends());
  EXPECT_FALSE(is_done());
  release();
  wait_for_end();
}

TEST_F(Detached, HasThePipeThatSaysReadyAndNothingElse) {
  InheritedPipe pipe;
  const Fd ready =
      start_detached_with_pipe(waiting("echo ready >&3; exec 3>&-"), folder(), log(), {});
  pipe.write = Fd();
  EXPECT_EQ(read_line(ready, seconds(10)), "ready");
  EXPECT_EQ(read_line(ready, seconds(10)), std::nullopt);
  EXPECT_TRUE(pipe.ends());
  EXPECT_FALSE(is_done());
  release();
  wait_for_end();
}

TEST_F(Detached, AppendsItsErrorsToTheLog) {
  test::write_file(log(), "before\n");
  start_detached(waiting("echo wrong >&2; echo lost"), folder(), log(), {});
  release();
  wait_for_end();
  EXPECT_EQ(test::read_file(log()), "before\nwrong\n");
}

}  // namespace
}  // namespace quemsi
