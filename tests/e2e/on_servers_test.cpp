// What is the same on every server.
#include "e2e/fixture.hpp"
#include "support/server_side.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;

/// Each worktree has a database of its own, named after it.
class OnServer : public testing::TestWithParam<ServerKind> {
 protected:
  OnServer() {
    user_.look_for_no_leaks();
    server_->create("shop main");
    server_->allow("shop side");
    std::string url = of("main");
    url.replace(url.find("main"), 4, "${worktree}");
    write_file(user_.top() / ".quemsi.yml",
               "version: 1\nretention:\n  grace: 0\ndatabases:\n  app: " + url + "\n");
    user_.commit("A database for each worktree");
    sql("main", "CREATE TABLE t(x INTEGER PRIMARY KEY); INSERT INTO t VALUES (1);");
    user_.quemsi({"init", "--yes"});
  }
  ~OnServer() override {
    user_.wait_for_processes(std::chrono::seconds(60));
    server_->drop("shop main");
    server_->drop("shop side");
    server_->drop_parked();
  }

  [[nodiscard]] std::string of(const std::string& worktree) const {
    return server_->url("shop " + worktree);
  }
  void sql(const std::string& worktree, const std::string& text) const {
    server_->sql(of(worktree), text);
  }
  [[nodiscard]] std::string dump(const std::string& worktree = "main") const {
    return server_->dump(of(worktree));
  }
  void add_side() const {
    user_.git({"worktree", "add", "-q", "-b", "side", side_.string()});
    const CommandResult init = user_.run_in(side_, {"git", "quemsi", "init", "--yes"});
    ASSERT_EQ(init.exit_code, 0) << init;
  }

  std::unique_ptr<ServerSide> server_ = GetParam().side();
  Sandbox user_{{.bin_dir = QUEMSI_BIN_DIR}};
  std::filesystem::path side_ = user_.top().parent_path() / "side";
};

TEST_P(OnServer, ARemovedWorktreeLeavesASnapshotAndNothingElse) {
  add_side();
  sql("side", "INSERT INTO t VALUES (2);");
  const std::string held = dump("side");
  user_.settle();
  user_.git({"worktree", "remove", "--force", side_.string()});
  const Json gone = user_.json({"gc"}).at("worktrees").at(0);
  EXPECT_EQ(gone.at("databases").at(0).at("fate"), "dropped") << gone;
  EXPECT_FALSE(server_->exists("shop side"));
  const std::string temporary = user_.json({"restore", "side", "--temp"}).at("url");
  EXPECT_EQ(server_->dump(temporary), held);
  EXPECT_EQ(user_.json({"list"}).at("snapshots").at(0).at("id"), gone.at("snapshot"));
  user_.quemsi({"fsck"});
}

TEST_P(OnServer, WithoutConnectionsToSpareLosesNothing) {
  user_.git({"switch", "-q", "-c", "feature"});
  sql("main", "INSERT INTO t VALUES (4);");
  const std::string feature = dump();
  user_.git({"switch", "-q", "main"});
  sql("main", "INSERT INTO t VALUES (5);");
  const std::string main = dump();
  for (const int most : {1, 2, 3}) {
    user_.settle();
    server_->limit_connections(most);
    const CommandResult result = user_.run({"git", "switch", "-q", "feature"});
    user_.wait_for_processes(std::chrono::seconds(60));
    server_->limit_connections({});
    EXPECT_EQ(result.exit_code, 0) << result;
    if (dump() != feature) {
      EXPECT_THAT(result.err, HasSubstr("quemsi:")) << most;
      EXPECT_EQ(dump(), main) << most;
      user_.git({"checkout", "-q"});
    }
    EXPECT_EQ(dump(), feature) << most;
    user_.git({"switch", "-q", "main"});
    EXPECT_EQ(dump(), main) << most;
  }
}

INSTANTIATE_TEST_SUITE_P(Each, OnServer, testing::Values(postgresql_kind(), mariadb_kind()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace quemsi::test
