// What the hooks make of everything that git does, as a table. The documentation holds it, so
// that it cannot differ from what happens.
#include "e2e/git_operations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iostream>

#include "e2e/fixture.hpp"

namespace quemsi::test {
namespace {

constexpr const char* heading =
    "| operation | hooks | database | stands for | HEAD is linked to | after `git checkout` |\n"
    "|---|---|---|---|---|---|\n";
constexpr const char* document = QUEMSI_SOURCE_DIR "/docs/git-operations.md";

/// The world of one row.
class Operation : public EndToEnd {
 public:
  explicit Operation(const GitOperation& row) : row_(row) {
    set_up_shop();
    states_["start"] = dump(db);
    shell(
        "echo base >shared; git add shared; git commit -qm 'Add shared'; git tag v1;"
        "git switch -q -c feature; sqlite3 app.db 'ALTER TABLE users ADD COLUMN tenant';"
        "echo 1 >of-feature; git add .; git commit -qm 'Feature one';"
        "echo 2 >of-feature; git commit -qam 'Feature two'");
    states_["feature"] = dump(db);
    shell(
        "git switch -q main; sqlite3 app.db 'CREATE TABLE extra(x)';"
        "echo 1 >of-main; git add .; git commit -qm 'Main one';"
        "echo 2 >of-main; git commit -qam 'Main two';"
        "sqlite3 app.db \"INSERT INTO extra VALUES ('unsaved')\"");
    states_["main"] = dump(db);
    shell("git switch -q feature; git switch -q main");
    EXPECT_EQ(dump(db), states_["main"]);
  }

  void TestBody() override {}

  std::string line() {
    shell(row_.prepare);
    if (count(row_.prepare, "newer") > 0) states_["main"] = dump(db);
    const std::string before = database();
    std::filesystem::remove(trace());
    user.set("GIT_TRACE", trace().string());
    shell(row_.run);
    user.unset("GIT_TRACE");
    std::string text = fmt::format("| `{}` | {} | {} -> {} | {} | {} |", row_.name, hooks(), before,
                                   database(), owner(), link());
    shell(row_.finish);
    shell("git checkout -q");
    text += fmt::format(" {} |\n", database());
    check_that_nothing_is_lost();
    return text;
  }

 private:
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
  void check_that_nothing_is_lost() {
    for (const auto& [branch, state] : {std::pair{row_.feature, "feature"}, {row_.main, "main"}}) {
      if (*branch == '\0') continue;
      shell(fmt::format("git switch -q -f {}", branch));
      EXPECT_EQ(database(), state) << row_.name << ": " << branch;
    }
  }

  const GitOperation& row_;
  std::map<std::string, std::string> states_;
};

class GitOperations : public testing::TestWithParam<GitOperation> {};

TEST_P(GitOperations, DoWhatTheDocumentSays) {
  const std::string line = Operation(GetParam()).line();
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
