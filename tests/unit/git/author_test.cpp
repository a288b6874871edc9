#include <gmock/gmock.h>

#include "git_fixture.hpp"

namespace quemsi::git_test {
namespace {

class AuthorTest : public GitTest {
 public:
  AuthorTest() { make_repository(repo()); }
};

TEST_F(AuthorTest, IsWhoGitWouldWriteIntoACommit) {
  EXPECT_EQ(open().author(), "Ada Lovelace <ada@example.org>");
}

TEST_F(AuthorTest, TheEnvironmentAndTheCommandLineCount) {
  set("GIT_CONFIG_PARAMETERS", "'user.email'='line@example.org'");
  EXPECT_EQ(open().author(), "Ada Lovelace <line@example.org>");
  set("GIT_AUTHOR_NAME",
      "Gr\xc3\xa4"
      "fin");
  set("GIT_AUTHOR_EMAIL", "g@example.org");
  EXPECT_EQ(open().author(),
            "Gr\xc3\xa4"
            "fin <g@example.org>");
}

TEST_F(AuthorTest, IsTheUserWhenGitKnowsNobody) {
  const Repository repository = open();
  write_file(home() / ".gitconfig", "[user]\n\tuseConfigOnly = true\n");
  EXPECT_THAT(repository.author(), testing::MatchesRegex("unknown|.+ <.+@.*>"));
}

}  // namespace
}  // namespace quemsi::git_test
