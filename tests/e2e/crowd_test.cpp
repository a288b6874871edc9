// Forty processes at once in one repository.
#include <memory>

#include "e2e/fixture.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;

constexpr int processes = 40;

class Crowd : public EndToEnd {
 protected:
  Crowd() : EndToEnd({.bin_dir = QUEMSI_FAST_BIN_DIR}) {
    set_up_shop();
    user.quemsi({"snapshot", "seed"});
    make_feature_branch();
    user.settle();
  }

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

}  // namespace
}  // namespace quemsi::test
