#include "cli/error_text.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace quemsi::cli {
namespace {

TEST(ErrorText, SaysMessageCausesAndHintsInThisOrder) {
  const Error error = Error(ErrorKind::engine, "cannot restore 'app'")
                          .cause("connection refused")
                          .sqlstate("08006")
                          .hint("git quemsi status");
  EXPECT_EQ(error_text(error),
            "error: cannot restore 'app'\n"
            "  connection refused\n"
            "  SQLSTATE 08006\n"
            "hint: git quemsi status\n");
}

TEST(ErrorText, FollowUpLinesStandUnderTheFirst) {
  const Error error = Error(ErrorKind::user, "ambiguous:\n  kkkk\n  kkkl").hint("a\nb");
  EXPECT_EQ(error_text(error),
            "error: ambiguous:\n         kkkk\n         kkkl\nhint: a\nhint: b\n");
}

TEST(ErrorText, DefectsAskForAReport) {
  const std::string ours = error_text(Error(ErrorKind::internal, "unreachable"));
  const std::string theirs =
      error_text(static_cast<const std::exception&>(std::logic_error("vector")));
  EXPECT_TRUE(ours.starts_with("error: internal: unreachable\nhint: this is a defect"));
  EXPECT_TRUE(theirs.starts_with("error: internal: vector\nhint: this is a defect"));
}

TEST(ErrorText, IsTheSameThroughABaseReference) {
  const Error error(ErrorKind::corrupt, "pack 1");
  EXPECT_EQ(error_text(static_cast<const std::exception&>(error)), "error: damaged: pack 1\n");
}

TEST(ErrorText, CannotSteerATerminal) {
  EXPECT_EQ(error_text(Error(ErrorKind::user, "a\x1b[2Jb")), "error: a [2Jb\n");
}

TEST(ErrorText, IsOneLineForHooks) {
  const Error error = Error(ErrorKind::busy, "locked").cause("by\n7").cause("again").hint("wait");
  EXPECT_EQ(error_line(error), "locked (by 7; again)");
}

TEST(ErrorText, KindsMapToGitsExitCodes) {
  EXPECT_EQ(exit_code_of(Error(ErrorKind::user, ""), 0), 128);
  EXPECT_EQ(exit_code_of(std::logic_error(""), SIGINT), 128);
  EXPECT_EQ(exit_code_of(Error(ErrorKind::cancelled, ""), SIGINT), 130);
  EXPECT_EQ(exit_code_of(Error(ErrorKind::cancelled, ""), SIGTERM), 143);
}

}  // namespace
}  // namespace quemsi::cli
