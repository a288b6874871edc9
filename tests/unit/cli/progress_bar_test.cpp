#include "cli/progress_bar.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "quemsi/error.hpp"

namespace quemsi::cli {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class ProgressBarTest : public testing::Test {
 protected:
  ProgressSurroundings surroundings(bool terminal) {
    ProgressSurroundings made;
    made.clock = [this] { return now_; };
    made.write = [this](std::string_view text) { seen_ += text; };
    made.terminal = terminal;
    return made;
  }
  void pass(int count) { now_ += milliseconds(count); }

  std::chrono::steady_clock::time_point now_;
  std::string seen_;
};

TEST_F(ProgressBarTest, ShortWorkIsNotWorthAWord) {
  for (const bool terminal : {true, false}) {
    ProgressBar bar(surroundings(terminal));
    bar.begin("sealing app", 100);
    pass(499);
    bar.advance(100);
    bar.end();
  }
  EXPECT_EQ(seen_, "");
}

TEST_F(ProgressBarTest, ATerminalGetsShareRateAndTimeLeft) {
  ProgressBar bar(surroundings(true));
  bar.begin("sealing app", 40 << 20);
  pass(2000);
  bar.advance(10 << 20);
  EXPECT_EQ(seen_,
            "\rsealing app:  25% [======                  ] 10.0 MiB / 40.0 MiB, 0:06 left, "
            "5…\x1b[K");
}

TEST_F(ProgressBarTest, TheBarGoesAwayAtTheEnd) {
  ProgressBar bar(surroundings(true));
  bar.begin("sealing", 100);
  pass(600);
  bar.advance(50);
  seen_.clear();
  bar.end();
  EXPECT_EQ(seen_, "\r\x1b[K");
}

TEST_F(ProgressBarTest, TheBarGoesAwayWhenTheWorkThrows) {
  {
    ProgressBar bar(surroundings(true));
    bar.begin("sealing", 100);
    pass(600);
    bar.advance(50);
    seen_.clear();
  }
  EXPECT_EQ(seen_, "\r\x1b[K");
}

TEST_F(ProgressBarTest, IsNotRedrawnMoreThanTenTimesASecond) {
  ProgressBar bar(surroundings(true));
  bar.begin("sealing", 100);
  pass(600);
  bar.advance(1);
  seen_.clear();
  pass(99);
  bar.advance(1);
  EXPECT_EQ(seen_, "");
  pass(1);
  bar.advance(1);
  EXPECT_THAT(seen_, HasSubstr("3%"));
}

TEST_F(ProgressBarTest, MoreThanTheTotalIsStillHundredPercent) {
  ProgressBar bar(surroundings(true));
  bar.begin("sealing", 100);
  pass(600);
  bar.advance(250);
  EXPECT_THAT(seen_, HasSubstr("100% [========================]"));
}

TEST_F(ProgressBarTest, AnUnknownTotalShowsWhatIsDone) {
  ProgressBar bar(surroundings(true));
  bar.begin("copying", 0);
  pass(1000);
  bar.advance(2048);
  EXPECT_EQ(seen_, "\rcopying: 2.0 KiB, 2.0 KiB/s\x1b[K");
}

TEST_F(ProgressBarTest, APipeGetsALineForALongPhase) {
  ProgressBar bar(surroundings(false));
  bar.begin("sealing app", 4096);
  pass(2000);
  bar.advance(4096);
  EXPECT_EQ(seen_, "");
  bar.end();
  EXPECT_EQ(seen_, "sealing app: 4.0 KiB in 2.0 s, 2.0 KiB/s\n");
}

TEST_F(ProgressBarTest, StopsWhenAskedTo) {
  ProgressSurroundings made = surroundings(true);
  made.check_cancelled = [] { throw Error(ErrorKind::cancelled, "stopped"); };
  ProgressBar bar(made);
  EXPECT_THROW(bar.check_cancelled(), Error);
}

TEST_F(ProgressBarTest, CountsFromSeveralThreads) {
  ProgressBar bar(surroundings(false));
  bar.begin("sealing", 0);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&bar] {
      for (int k = 0; k < 1024; ++k) bar.advance(1);
    });
  }
  for (std::thread& thread : threads) thread.join();
  pass(1000);
  bar.end();
  EXPECT_THAT(seen_, HasSubstr("4.0 KiB in 1.0 s"));
}

}  // namespace
}  // namespace quemsi::cli
