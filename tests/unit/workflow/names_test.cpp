// Names that are not UTF-8, which git takes as they are.
#include <gmock/gmock.h>

#include "fixture.hpp"
#include "support/file_damage.hpp"
#include "workflow/last_operation.hpp"

namespace quemsi {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* latin_branch = "caf\xe9";

class NotUtf8 : public WorkflowTest {
 protected:
  void SetUp() override {
    git({"config", "user.name", "Ren\xe9"});
    git({"switch", "-q", "-c", latin_branch});
    follow();
    sql("one", "INSERT INTO t VALUES ('latin')");
  }

  void switch_to(const std::string& branch) {
    git({"switch", "-q", branch});
    end_command();
    EXPECT_EQ(follow().what, Followed::switched) << branch;
  }

  void lose_catalogue() {
    for (const char* suffix : {"-wal", "-shm"}) {
      std::filesystem::remove(project().catalogue_file().string() + suffix);
    }
    test::write_file(project().catalogue_file(), "no database");
    end_command();
  }
};

TEST_F(NotUtf8, ASwitchMovesTheDatabasesAndIsTakenBack) {
  switch_to("main");
  EXPECT_EQ(rows("one"), "main");
  EXPECT_THAT(last_operation(project()).value().what, HasSubstr(latin_branch));
  ASSERT_TRUE(undo(project(), no_progress()));
  EXPECT_EQ(rows("one"), "main,latin");
  ASSERT_TRUE(undo(project(), no_progress()));
  switch_to(latin_branch);
  EXPECT_EQ(rows("one"), "main,latin");
  EXPECT_EQ(owner().branch_name, latin_branch);
}

TEST_F(NotUtf8, ASnapshotHasARecordFromWhichTheCatalogueIsRebuilt) {
  const Snapshot taken = take("a");
  sandbox().settle();
  EXPECT_THAT(project().catalogue().tasks(), IsEmpty());
  ASSERT_TRUE(project().catalogue().record(taken.id));
  lose_catalogue();
  static_cast<void>(fsck(project(), true, no_progress()));
  const Snapshot rebuilt = resolve_snapshot(project(), "a");
  EXPECT_EQ(rebuilt.branch, latin_branch);
  EXPECT_THAT(rebuilt.author, HasSubstr("Ren\xe9 <"));
  EXPECT_EQ(rebuilt.author, taken.author);
}

}  // namespace
}  // namespace quemsi
