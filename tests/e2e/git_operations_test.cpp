// What the hooks make of everything that git does, as a table. The documentation holds it, so
// that it cannot differ from what happens.
#include "e2e/git_operations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "e2e/fixture.hpp"

namespace quemsi::test {
namespace {

constexpr const char* heading =
    "| operation | hooks | database | stands for | HEAD is linked to | after `git checkout` |\n"
    "|---|---|---|---|---|---|\n";
constexpr const char* document = QUEMSI_SOURCE_DIR "/docs/git-operations.md";

/// The world of every row: made once, in a folder of the test's, and copied for each.
class Operations : public EndToEnd {
 public:
  explicit Operations(const std::filesystem::path& folder)
      : EndToEnd({.bin_dir = QUEMSI_BIN_DIR, .parent = folder / "work"}),
        work_(folder / "work"),
        prepared_(folder / "prepared") {
    prepare();
    std::filesystem::rename(work_, prepared_);
  }

  void TestBody() override {}

  /// Does what a row says; the row as the document has it.
  std::string line(const GitOperation& row) {
    reset();
    shell(row.prepare);
    if (count(row.prepare, "newer") > 0) states_["main"] = dump(db);
    const std::string before = database();
    std::filesystem::remove(trace());
    user.set("GIT_TRACE", trace().string());
    shell(row.run);
    user.unset("GIT_TRACE");
    std::string text = fmt::format("| `{}` | {} | {} -> {} | {} | {} |", row.name, hooks(), before,
                                   database(), owner(), link());
    shell(row.finish);
    shell("git checkout -q");
    text += fmt::format(" {} |\n", database());
    check_that_nothing_is_lost(row);
    return text;
  }

 private:
  void prepare() {
    set_up_shop();
    at_first_["start"] = dump(db);
    shell(
        "echo base >shared; git add shared; git commit -qm 'Add shared'; git tag v1;"
        "git switch -q -c feature; sqlite3 app.db 'ALTER TABLE users ADD COLUMN tenant';"
        "echo 1 >of-feature; git add .; git commit -qm 'Feature one';"
        "echo 2 >of-feature; git commit -qam 'Feature two'");
    at_first_["feature"] = dump(db);
    shell(
        "git switch -q main; sqlite3 app.db 'CREATE TABLE extra(x)';"
        "echo 1 >of-main; git add .; git commit -qm 'Main one';"
        "echo 2 >of-main; git commit -qam 'Main two';"
        "sqlite3 app.db \"INSERT INTO extra VALUES ('unsaved')\"");
    at_first_["main"] = dump(db);
    shell("git switch -q feature; git switch -q main");
    EXPECT_EQ(dump(db), at_first_["main"]);
    user.settle();
  }

  void reset() {
    if (!user.wait_for_processes(std::chrono::seconds(60))) {
      throw std::runtime_error("a background process does not end");
    }
    std::filesystem::remove_all(work_);
    const CommandResult copied = user.run_in("/", {"cp", "-a", prepared_, work_});
    if (copied.exit_code != 0) throw std::runtime_error("cp -a: " + copied.err);
    // The files are others, in git's eyes.
    shell("git update-index -q --refresh");
    states_ = at_first_;
  }

  void shell(const std::string& script) { user.ok({"sh", "-c", "set -e\n" + script}); }
  [[nodiscard]] std::filesystem::path trace() const { return user.home() / "trace"; }

  std::string database() {
    const std::string now = dump(db);
    for (const auto& [name, state] : states_) {
      if (state == now) return name;
    }
    return "?";
  }

  std::string owner() {
    const Json branch = user.json({"status"}).at("owner_branch");
    return branch.is_null() ? "no branch" : branch.get<std::string>();
  }

  std::string link() {
    const CommandResult shown = user.try_quemsi({"show", "HEAD", "--json"});
    if (shown.exit_code != 0) return "-";
    const Json snapshot = Json::parse(shown.out);
    const Json& found = snapshot.at("found");
    if (found.at("by") != "note" || found.at("steps") != 0) return "-";
    return fmt::format("{} of {}", snapshot.at("kind").get<std::string>(),
                       snapshot.at("branch").get<std::string>());
  }

  /// Of git's trace: ours are the only hooks.
  std::string hooks() {
    std::vector<std::pair<std::string, int>> seen;
    std::ifstream file(trace());
    for (std::string line; std::getline(file, line);) {
      const std::size_t at = line.find("/hooks/");
      if (at == std::string::npos || line.find("run_command:") == std::string::npos) continue;
      const std::string rest = line.substr(at + 7);
      const std::string name = rest.substr(0, rest.find_first_of(" '"));
      if (!seen.empty() && seen.back().first == name) {
        ++seen.back().second;
      } else {
        seen.emplace_back(name, 1);
      }
    }
    std::string text;
    for (const auto& [name, times] : seen) {
      text += (text.empty() ? "" : ", ") + name + (times > 1 ? fmt::format(" x{}", times) : "");
    }
    return text.empty() ? "-" : text;
  }

  /// Whatever happened: each branch still has what it had.
  void check_that_nothing_is_lost(const GitOperation& row) {
    for (const auto& [branch, state] : {std::pair{row.feature, "feature"}, {row.main, "main"}}) {
      if (*branch == '\0') continue;
      shell(fmt::format("git switch -q -f {}", branch));
      EXPECT_EQ(database(), state) << row.name << ": " << branch;
    }
  }

  std::filesystem::path work_;
  std::filesystem::path prepared_;
  /// By the names that the document gives them.
  std::map<std::string, std::string> at_first_;
  std::map<std::string, std::string> states_;
};

class GitOperations : public testing::TestWithParam<GitOperation> {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempDir>();
    operations_ = std::make_unique<Operations>(folder_->path());
  }
  static void TearDownTestSuite() {
    operations_.reset();
    folder_.reset();
  }

  static inline std::unique_ptr<TempDir> folder_;
  static inline std::unique_ptr<Operations> operations_;
};

TEST_P(GitOperations, DoWhatTheDocumentSays) {
  const std::string line = operations_->line(GetParam());
  std::cout << line;
  EXPECT_NE(read_file(document).find(line), std::string::npos) << document << " is to say:\n"
                                                               << line;
}

INSTANTIATE_TEST_SUITE_P(All, GitOperations, testing::ValuesIn(git_operations()),
                         [](const auto& test) {
                           std::string name = test.param.name;
                           std::ranges::replace_if(
                               name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
                           return name + "_" + std::to_string(test.index);
                         });

TEST(GitOperationsDocument, HasARowForEachAndNoOther) {
  const std::string text = read_file(document);
  EXPECT_NE(text.find(heading), std::string::npos);
  std::size_t at = 0;
  for (const GitOperation& row : git_operations()) {
    at = text.find(std::string("\n| `") + row.name + "` | ", at);
    ASSERT_NE(at, std::string::npos) << row.name;
    ++at;
  }
  EXPECT_EQ(count(text, "\n| `"), git_operations().size());
}

}  // namespace
}  // namespace quemsi::test
