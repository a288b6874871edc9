// The helpers are trusted by every other suite, so they are tested first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "support/application.hpp"
#include "support/command.hpp"
#include "support/file_damage.hpp"
#include "support/sqlite_cli.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::test {
namespace {

using testing::HasSubstr;

const std::map<std::string, std::string> plain{{"PATH", "/usr/bin:/bin"}};

CommandResult shell(const std::string& text, const std::string& input = "") {
  return run_command({.argv = {"sh", "-c", text}, .environment = plain, .input = input});
}

TEST(RunCommand, KeepsTheStreamsApartAndTellsTheExitCode) {
  const CommandResult result = shell("cat; echo two >&2; exit 7", "one\n");
  EXPECT_EQ(result.out, "one\n");
  EXPECT_EQ(result.err, "two\n");
  EXPECT_EQ(result.exit_code, 7);
}

TEST(RunCommand, PassesExactlyTheGivenEnvironment) {
  EXPECT_EQ(shell("env | grep -vE '^(PATH|PWD|OLDPWD|SHLVL|_)=' | wc -l").out, "0\n");
}

TEST(RunCommand, TellsASignalAsAShellWould) {
  EXPECT_EQ(shell("kill -TERM $$").exit_code, 128 + SIGTERM);
}

TEST(RunCommand, KillsTheWholeGroupAtTheDeadline) {
  const CommandResult result = run_command({.argv = {"sh", "-c", "sleep 1000 & sleep 1000"},
                                            .environment = plain,
                                            .limit = std::chrono::milliseconds(200)});
  EXPECT_TRUE(result.timed_out);
}

TEST(RunCommand, EndsOnlyWhenEveryHolderOfItsOutputIsGone) {
  const CommandResult result = shell("(sleep 0.2; echo late) & echo early");
  EXPECT_EQ(result.out, "early\nlate\n");
}

TEST(RunCommand, WritesMuchAndReadsMuch) {
  const std::string much(3'000'000, 'x');
  EXPECT_EQ(shell("cat", much).out, much);
}

TEST(Application, AnswersRowsAndErrorsAndKeepsItsTransactionOpen) {
  const TempDir folder;
  const auto file = folder.path() / "a b.db";
  Application application(file);
  application.sql("CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 'x'), (2, NULL)");
  EXPECT_EQ(application.sql("SELECT * FROM t"), "1|x\n2|\n");
  EXPECT_THROW(application.sql("SELECT * FROM missing"), std::runtime_error);
  application.sql("BEGIN; DELETE FROM t");
  EXPECT_EQ(sqlite(file, "SELECT count(*) FROM t;"), "2\n");
}

TEST(SqliteClient, ThrowsForBadSqlInsteadOfReturningNothing) {
  const TempDir folder;
  EXPECT_THROW(sqlite(folder.path() / "a.db", "SELECT * FROM missing;"), std::runtime_error);
}

TEST(SqliteClient, DumpsWhatDiffers) {
  const TempDir folder;
  sqlite(folder.path() / "a.db", "CREATE TABLE t(a); PRAGMA user_version=4;");
  EXPECT_THAT(dump(folder.path() / "a.db"),
              testing::AllOf(HasSubstr("CREATE TABLE t"), HasSubstr("\n4\n")));
}

TEST(FileDamage, FlipsOneByteOnly) {
  const TempDir folder;
  const auto file = folder.path() / "f";
  write_file(file, "abc");
  flip_byte(file, -1);
  EXPECT_EQ(read_file(file), std::string("ab") + static_cast<char>(~'c'));
}

}  // namespace
}  // namespace quemsi::test
