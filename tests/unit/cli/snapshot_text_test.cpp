#include "cli/output/snapshot_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/display_text.hpp"
#include "unit/cli/sample.hpp"
#include "util/text.hpp"

namespace quemsi::cli {
namespace {

using test::sample_snapshot;
using testing::HasSubstr;

ListView view() {
  ListView made;
  made.now = test::sample_time + std::chrono::minutes(3);
  return made;
}

TEST(List, IsATableWithAStarAtTheBase) {
  Snapshot other = sample_snapshot();
  other.id = SnapshotId("zzzzzzzzzzzzzzzz");
  other.tags = {"seed", "v2"};
  other.kind = SnapshotKind::checkpoint;
  other.description.clear();
  ListView made = view();
  made.base = sample_snapshot().id;
  EXPECT_EQ(list_text({sample_snapshot(), other}, made, Style()),
            "   ID        TAGS      KIND        BRANCH  AGE            SIZE      DESCRIPTION\n"
            "*  klmnopqr  baseline  manual      main    3 minutes ago  12.0 MiB  First customers\n"
            "   zzzzzzzz  seed, v2  checkpoint  main    3 minutes ago  12.0 MiB\n");
}

TEST(List, IsCutToTheTerminal) {
  Snapshot snapshot = sample_snapshot();
  snapshot.tags = {std::string(200, 't')};
  snapshot.description = std::string(500, 'd');
  ListView made = view();
  made.width = 120;
  for (const std::string& line : split(list_text({snapshot}, made, Style()), '\n')) {
    EXPECT_LE(display_width(line), 120U);
  }
}

TEST(List, IsWholeInAPipe) {
  Snapshot snapshot = sample_snapshot();
  snapshot.description = std::string(500, 'd');
  EXPECT_THAT(list_text({snapshot}, view(), Style()), HasSubstr(snapshot.description));
}

TEST(List, ADescriptionStaysOnItsLine) {
  Snapshot snapshot = sample_snapshot();
  snapshot.description = "one\ntwo\x1b[2J";
  EXPECT_THAT(list_text({snapshot}, view(), Style()), HasSubstr("one two [2J\n"));
}

TEST(Show, NamesEverything) {
  Snapshot snapshot = sample_snapshot();
  snapshot.parent = SnapshotId("zzzzzzzzzzzzzzzz");
  snapshot.description = "First customers\n\nand more";
  EXPECT_EQ(show_text(snapshot, view().now, Style()),
            "snapshot klmnopqrstuvwxyz (baseline)\n"
            "Author:  Ada <ada@example.org>\n"
            "Date:    2026-03-01T12:34:56.000Z (3 minutes ago)\n"
            "Kind:    manual\n"
            "Branch:  main\n"
            "Commit:  0123456789\n"
            "Parent:  zzzzzzzz\n"
            "\n"
            "    First customers\n"
            "\n"
            "    and more\n"
            "\n"
            "  app  sqlite  12.0 MiB  sealed, 1.0 MiB stored\n");
}

TEST(Show, SaysWhenASnapshotIsNotDurableYet) {
  Snapshot snapshot = sample_snapshot();
  snapshot.images[0].manifest.reset();
  snapshot.images[0].parked = ParkedName("quemsi_zzzz");
  EXPECT_THAT(show_text(snapshot, view().now, Style()), HasSubstr("parked, not sealed yet"));
}

}  // namespace
}  // namespace quemsi::cli
