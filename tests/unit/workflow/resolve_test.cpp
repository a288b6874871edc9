#include "fixture.hpp"

namespace quemsi {
namespace {

class ResolveTest : public WorkflowTest {
 protected:
  SnapshotId found(const std::string& text) { return resolve_snapshot(project(), text).id; }

  Error refused(const std::string& text) {
    try {
      static_cast<void>(resolve_snapshot(project(), text));
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << text << " was found";
    return Error(ErrorKind::internal, "");
  }
};

TEST_F(ResolveTest, FindsByTagIdPrefixBranchCommitAndLatest) {
  const Snapshot first = take("first tag");
  const Snapshot second = take("second");
  EXPECT_EQ(found("first tag"), first.id);
  EXPECT_EQ(found(first.id.str()), first.id);
  EXPECT_EQ(found(first.id.str().substr(0, 8)), first.id);
  EXPECT_EQ(found("main"), second.id);
  EXPECT_EQ(found("HEAD"), second.id);
  EXPECT_EQ(found("latest"), second.id);
}

TEST_F(ResolveTest, DoesNotCallASafetySnapshotTheLatest) {
  const Snapshot base = take("base");
  sql("one", "INSERT INTO t VALUES ('work')");
  restore_snapshot(project(), {.snapshot = "base"}, no_progress());
  EXPECT_EQ(found("latest"), base.id);
}

TEST_F(ResolveTest, NamesWhatIsNear) {
  take("before-multi-tenant");
  for (const char* slip : {"before-multi-tennant", "befor-multi", "before"}) {
    const Error error = refused(slip);
    ASSERT_FALSE(error.hints().empty());
    EXPECT_EQ(error.hints().front(), "did you mean: before-multi-tenant") << slip;
  }
}

TEST_F(ResolveTest, ListsTheCandidatesOfAnAmbiguousName) {
  const Snapshot tagged = take("main");
  const Snapshot tip = take("other");
  const Error error = refused("main");
  ASSERT_EQ(error.causes().size(), 2U);
  EXPECT_NE(error.causes()[0].find(tagged.id.str()), std::string::npos);
  EXPECT_NE(error.causes()[1].find(tip.id.str()), std::string::npos);
}

TEST_F(ResolveTest, RefusesTagsThatCouldNotBeToldApart) {
  for (const std::string& tag :
       std::vector<std::string>{"", "  ", "latest", "-x", "a\nb", "\x01", "\xff",
                                "kkkkkkkkkkkkkkkk", std::string(201, 'a')}) {
    EXPECT_THROW(check_tag(tag), Error) << tag;
  }
  for (const std::string& tag :
       std::vector<std::string>{"works", "a b", "it's", "数据", std::string(200, 'a')}) {
    EXPECT_NO_THROW(check_tag(tag)) << tag;
  }
}

TEST_F(ResolveTest, RefusesATagThatIsTakenBeforeItCopiesAnything) {
  take("same");
  EXPECT_THROW(take("same"), Error);
  EXPECT_EQ(project().catalogue().snapshot_count(), 1U);
  EXPECT_TRUE(project().catalogue().journal().empty());
}

}  // namespace
}  // namespace quemsi
