#include "cli/output/status_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/cli/sample.hpp"

namespace quemsi::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

StatusReport report() {
  StatusReport made;
  made.branch = "main";
  made.owner_branch = "main";
  made.base = test::sample_snapshot();
  made.trusted = true;
  made.hooks_installed = true;
  made.databases = {{.name = "app",
                     .engine = "sqlite",
                     .reachable = true,
                     .exists = true,
                     .display = "sqlite:db/app.sqlite3"}};
  return made;
}

std::string text(const StatusReport& made, bool hints = true) {
  return status_text(made, {test::sample_time + std::chrono::minutes(3), hints}, Style());
}

TEST(Status, CleanIsShort) {
  EXPECT_EQ(text(report()),
            "On branch main\n"
            "Based on snapshot klmnopqr (baseline), taken 3 minutes ago\n"
            "\n"
            "Nothing changed since that snapshot\n");
}

TEST(Status, DirtyNamesTheDatabasesAndWhatToType) {
  StatusReport made = report();
  made.dirty = true;
  made.databases[0].dirty = true;
  EXPECT_EQ(text(made),
            "On branch main\n"
            "Based on snapshot klmnopqr (baseline), taken 3 minutes ago\n"
            "\n"
            "Databases that may have changed since then:\n"
            "  (use \"git quemsi snapshot\" to keep the changes)\n"
            "  (use \"git quemsi restore klmnopqr\" to go back; the changes are kept)\n"
            "\tchanged:   app (sqlite:db/app.sqlite3)\n");
  EXPECT_THAT(text(made, false), Not(HasSubstr("(use")));
}

TEST(Status, TellsWhenTheDatabasesStandForAnotherBranch) {
  StatusReport made = report();
  made.branch.clear();
  EXPECT_THAT(text(made), HasSubstr("HEAD detached\nThe databases stand for branch main\n"));
}

TEST(Status, CountsTheBackgroundAndRepeatsWarnings) {
  StatusReport made = report();
  made.background = {{.kind = "seal"}, {.kind = "seal"}, {.kind = "warm"}};
  made.warnings = {"beware\x1b[2J"};
  EXPECT_THAT(text(made), HasSubstr("\nIn the background: 3 tasks (seal, warm)\n"));
  EXPECT_THAT(text(made), HasSubstr("\nwarning: beware [2J\n"));
}

TEST(Status, ClaimsNothingAboutDatabasesThatNobodyMayLookAt) {
  StatusReport made;
  made.branch = "main";
  made.warnings = {"not trusted"};
  EXPECT_EQ(text(made), "On branch main\n\nwarning: not trusted\n");
}

TEST(Status, PorcelainIsAWordAndAValueALine) {
  StatusReport made = report();
  made.branch.clear();
  made.base.reset();
  made.dirty = true;
  made.databases.push_back({.name = "my logs", .reachable = false});
  made.databases.push_back({.name = "new", .reachable = true});
  made.databases.push_back({.name = "old", .reachable = true, .exists = true, .dirty = true});
  made.background = {{.kind = "seal"}};
  made.warnings = {"two\nlines"};
  EXPECT_EQ(status_porcelain(made),
            "branch -\n"
            "owner main\n"
            "base -\n"
            "dirty yes\n"
            "database clean app\n"
            "database unreachable my logs\n"
            "database missing new\n"
            "database dirty old\n"
            "background 1\n"
            "warning two lines\n");
}

}  // namespace
}  // namespace quemsi::cli
