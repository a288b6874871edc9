// Forty processes at once in one repository: in one worktree, and in several.
#include <memory>

#include "e2e/fixture.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;

constexpr int processes = 40;

class Crowd : public EndToEnd {
 protected:
  void start(const std::filesystem::path& where, const Words& words) {
    CommandRequest request = user.request(words);
    request.cwd = where;
    running_.push_back(std::make_unique<RunningCommand>(request));
    words_.push_back(words);
  }

  void expect_that_all_end_well() {
    for (std::size_t i = 0; i < running_.size(); ++i) {
      const CommandResult result = running_[i]->finish();
      EXPECT_EQ(result.exit_code, 0) << testing::PrintToString(words_[i]) << "\n" << result;
    }
    running_.clear();
    user.settle();
    EXPECT_THAT(user.quemsi({"fsck"}), HasSubstr("no damage"));
  }

 private:
  std::vector<std::unique_ptr<RunningCommand>> running_;
  std::vector<Words> words_;
};

TEST_F(Crowd, InOneRepositoryLosesNothing) {
  set_up_shop();
  user.quemsi({"snapshot", "seed"});
  make_feature_branch();
  user.settle();
  sqlite(db, "INSERT INTO users(name) VALUES ('unsaved');");
  const std::string before = dump(db);
  const std::string head = user.git({"rev-parse", "HEAD"}).substr(0, 40);
  for (int i = 0; i < processes; ++i) {
    const std::string number = std::to_string(i);
    const std::vector<Words> all{{"git", "quemsi", "snapshot", "tag " + number},
                                 {"git-quemsi", "hook", "post-checkout", head, head, "1"},
                                 {"git", "quemsi", "restore", "seed", "--temp"},
                                 {"git", "quemsi", "gc"},
                                 {"git", "quemsi", "status", "--json"},
                                 {"git", "quemsi", "list", "--json"},
                                 {"git", "quemsi", "describe", "seed", "-m", number},
                                 {"git-quemsi", "worker"}};
    start(user.top(), all[static_cast<std::size_t>(i) % all.size()]);
  }
  expect_that_all_end_well();
  EXPECT_EQ(dump(db), before);
  for (int i = 0; i < processes; i += 8) {
    const std::string tag = "tag " + std::to_string(i);
    const std::filesystem::path copy = user.home() / (std::to_string(i) + ".db");
    user.quemsi({"restore", tag, "--to", copy});
    EXPECT_EQ(dump(copy), before) << tag;
  }
  EXPECT_EQ(user.json({"temp", "list"}).at("temporaries").size(), processes / 8);
}

/// Each has a database of its own, with unsaved rows, and a second branch with other rows.
class CrowdInWorktrees : public Crowd {
 protected:
  struct Tree {
    std::string name;
    std::filesystem::path top;
    std::string here = {};   ///< on its branch
    std::string there = {};  ///< on the other one
  };

  CrowdInWorktrees() {
    write_file(user.top() / ".quemsi.yml",
               "version: 1\nretention:\n  grace: 0\ndatabases:\n  app: sqlite:" +
                   file_of("${worktree}").string() + "\n");
    // Below the repository's folder: there the sandbox sees who works in the background.
    write_file(user.top() / ".gitignore", "trees/\n");
    sqlite(file_of("main"), shop_schema);
    user.quemsi({"init", "--yes"});
    user.commit("A database for each worktree");
    user.quemsi({"snapshot", "seed"});
    trees_.push_back(fill({.name = "main", .top = user.top()}));
    for (const char* name : {"alpha", "beta", "gamma"}) trees_.push_back(fill(add(name)));
  }

  [[nodiscard]] std::filesystem::path file_of(const std::string& worktree) const {
    return user.home() / (worktree + ".db");
  }
  void git_in(const Tree& tree, Words words) const {
    words.insert(words.begin(), "git");
    const CommandResult result = user.run_in(tree.top, words);
    ASSERT_EQ(result.exit_code, 0) << testing::PrintToString(words) << result;
  }
  [[nodiscard]] Tree add(const std::string& name) const {
    Tree tree{.name = name, .top = user.top() / "trees" / name};
    user.git({"worktree", "add", "-q", "-b", name, tree.top.string()});
    git_in(tree, {"quemsi", "init", "--yes"});
    return tree;
  }
  void add_user(const Tree& tree, const std::string& where) const {
    sqlite(file_of(tree.name),
           "INSERT INTO users(name) VALUES ('" + where + " in " + tree.name + "');");
  }
  [[nodiscard]] Tree fill(Tree tree) const {
    git_in(tree, {"switch", "-q", "-c", tree.name + "-two"});
    add_user(tree, "there");
    tree.there = dump(file_of(tree.name));
    git_in(tree, {"switch", "-q", tree.name});
    add_user(tree, "here");
    tree.here = dump(file_of(tree.name));
    user.settle();
    return tree;
  }
  /// Ten processes, one of which switches to and fro.
  void crowd_into(const Tree& tree) {
    const std::string two = tree.name + "-two";
    start(tree.top, {"sh", "-c",
                     "for i in 1 2 3; do git switch -q " + two + " && git switch -q " + tree.name +
                         " || exit; done"});
    for (const char* number : {"1", "2", "3"}) {
      start(tree.top, {"git", "quemsi", "snapshot", tree.name + " " + number});
    }
    for (const Words& words : {Words{"gc"}, {"gc"}, {"status"}, {"list"}, {"show", "seed"}}) {
      Words all{"git", "quemsi"};
      all.insert(all.end(), words.begin(), words.end());
      start(tree.top, all);
    }
    start(tree.top, {"git-quemsi", "worker"});
  }
  void expect_all_of(const Tree& tree) const {
    EXPECT_EQ(dump(file_of(tree.name)), tree.here) << tree.name;
    git_in(tree, {"switch", "-q", tree.name + "-two"});
    EXPECT_EQ(dump(file_of(tree.name)), tree.there) << tree.name;
    git_in(tree, {"switch", "-q", tree.name});
    EXPECT_EQ(dump(file_of(tree.name)), tree.here) << tree.name;
    for (const char* number : {"1", "2", "3"}) {
      EXPECT_THAT(restored(tree.name + " " + number), testing::AnyOf(tree.here, tree.there));
    }
  }
  [[nodiscard]] std::string restored(const std::string& snapshot) const {
    const std::filesystem::path copy = user.home() / ("copy of " + snapshot + ".db");
    user.quemsi({"restore", snapshot, "--to", copy});
    return dump(copy);
  }

  std::vector<Tree> trees_;
};

TEST_F(CrowdInWorktrees, LosesNothingInAnyOfThem) {
  const Tree removed = fill(add("removed"));
  user.git({"worktree", "remove", "--force", removed.top.string()});
  for (const Tree& tree : trees_) crowd_into(tree);
  expect_that_all_end_well();
  for (const Tree& tree : trees_) expect_all_of(tree);
  EXPECT_FALSE(std::filesystem::exists(file_of("removed")));
  EXPECT_EQ(restored("removed"), removed.here);
  EXPECT_EQ(restored("removed-two"), removed.there);
  user.settle();
  EXPECT_THAT(user.quemsi({"fsck"}), HasSubstr("no damage"));
}

}  // namespace
}  // namespace quemsi::test
