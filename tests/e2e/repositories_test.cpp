// Kinds of repositories, among them those that libgit2 cannot open.
#include "e2e/fixture.hpp"

namespace quemsi::test {
namespace {

struct Kind {
  std::string name;
  Words git_init;
  std::vector<Words> afterwards;
};

class RepositoryKind : public EndToEnd, public testing::WithParamInterface<Kind> {
 protected:
  RepositoryKind() : EndToEnd({.bin_dir = QUEMSI_BIN_DIR, .git_init = GetParam().git_init}) {}
};

TEST_P(RepositoryKind, TheDatabaseFollowsTheBranch) {
  for (const Words& words : GetParam().afterwards) user.git(words);
  set_up_shop();
  const std::string main = dump(db);
  user.quemsi({"snapshot", "first"});
  const std::string feature = make_feature_branch();
  EXPECT_EQ(dump(db), main);
  user.git({"switch", "-q", "feature"});
  EXPECT_EQ(dump(db), feature);
  EXPECT_EQ(user.json({"restore", "main~0", "--dry-run"}).at("found").at("by"), "note");
  user.quemsi({"restore", "--yes", "first"});
  EXPECT_EQ(dump(db), main);
  user.settle();
  EXPECT_EQ(user.json({"status"}).at("warnings"), Json::array());
  user.quemsi({"fsck"});
}

INSTANTIATE_TEST_SUITE_P(
    Of, RepositoryKind,
    testing::Values(Kind{"sha1", {}, {}}, Kind{"sha256", {"--object-format=sha256"}, {}},
                    Kind{"worktree_config",
                         {},
                         {{"config", "core.repositoryFormatVersion", "1"},
                          {"config", "extensions.worktreeConfig", "true"}}},
                    Kind{"partial_clone",
                         {},
                         {{"config", "core.repositoryFormatVersion", "1"},
                          {"remote", "add", "origin", "/nowhere"},
                          {"config", "extensions.partialClone", "origin"}}},
                    Kind{"separate_git_dir", {"--separate-git-dir", "../git dir"}, {}},
                    Kind{"no_reflog", {}, {{"config", "core.logAllRefUpdates", "false"}}},
                    Kind{"packed_refs", {}, {{"pack-refs", "--all"}}}),
    [](const auto& test) { return test.param.name; });

dev_t device_of(const std::filesystem::path& path) {
  struct stat info {};
  EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
  return info.st_dev;
}

/// Copies are parked beside the database then: a swap stays a rename.
TEST(GitDirOnAnotherFileSystem, TheDatabaseFollowsTheBranch) {
  const TempDir elsewhere("/dev/shm");
  const std::filesystem::path git_dir = elsewhere.path() / "git dir";
  Sandbox user({.bin_dir = QUEMSI_BIN_DIR, .git_init = {"--separate-git-dir", git_dir.string()}});
  const auto db = user.top() / "app.db";
  sqlite(db, shop_schema);
  ASSERT_NE(device_of(db), device_of(git_dir));
  user.quemsi({"init", "--yes"});
  user.commit("Let the database follow the branch");
  const std::string main = dump(db);
  user.git({"switch", "-q", "-c", "feature"});
  sqlite(db, "DELETE FROM orders;");
  const std::string feature = dump(db);
  user.git({"switch", "-q", "main"});
  EXPECT_EQ(dump(db), main);
  user.git({"switch", "-q", "feature"});
  EXPECT_EQ(dump(db), feature);
  user.quemsi({"undo", "--yes"});
  EXPECT_EQ(dump(db), main);
  user.settle();
  user.quemsi({"fsck"});
}

TEST(SubmodulesAreRepositoriesOfTheirOwn, TheirHooksLeaveTheSuperprojectsDatabaseAlone) {
  Sandbox user({.bin_dir = QUEMSI_BIN_DIR});
  const auto db = user.top() / "app.db";
  sqlite(db, shop_schema);
  user.quemsi({"init", "--yes"});
  user.git({"clone", "-q", user.top().string(), (user.home() / "library").string()});
  user.git({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
            (user.home() / "library").string(), "library"});
  user.commit("Add a submodule");
  const FileId before = FileId::of(db);
  user.git({"-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--force"});
  EXPECT_EQ(FileId::of(db), before);
}

}  // namespace
}  // namespace quemsi::test
