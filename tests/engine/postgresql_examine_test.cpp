#include <sys/stat.h>

#include "engine/postgresql/examine.hpp"
#include "engine/postgresql_world.hpp"
#include "support/file_damage.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class PostgresqlExamine : public PostgresqlWorld {
 protected:
  [[nodiscard]] std::vector<std::string> findings() const {
    std::vector<std::string> texts;
    for (const Finding& finding : examine(open())) {
      texts.push_back(std::string(to_string(finding.severity)) + ": " + all_of(finding.error));
    }
    return texts;
  }
  /// A program that answers to --version, with spaces in its path.
  std::string tool(const std::string& answer) const {
    const std::filesystem::path file = dir_.path() / "some_dump";
    quemsi::test::write_file(file, "#!/bin/sh\necho '" + answer + "'\n");
    chmod(file.c_str(), 0755);
    return "'" + file.string() + "' --quiet \"\"";
  }
};

TEST_F(PostgresqlExamine, FindsNothingWrong) { EXPECT_THAT(findings(), IsEmpty()); }

TEST_F(PostgresqlExamine, NamesAPreparedTransaction) {
  server_.admin("BEGIN; CREATE TABLE prepared(x INT); PREPARE TRANSACTION 'left over'", live_);
  EXPECT_THAT(findings(), Contains(testing::AllOf(HasSubstr("error: "), HasSubstr("left over"),
                                                  HasSubstr("ROLLBACK PREPARED"))));
  server_.admin("ROLLBACK PREPARED 'left over'", live_);
}

TEST_F(PostgresqlExamine, NamesWhatAnInterruptedDropLeft) {
  server_.create("half gone");
  server_.admin("UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'half gone'");
  EXPECT_THAT(findings(), Contains(HasSubstr("DROP DATABASE \"half gone\"")));
  server_.drop("half gone");
}

TEST_F(PostgresqlExamine, AsksTheDumpProgramForItsVersion) {
  context_.tools["pg_dump"] = tool("pg_dump (PostgreSQL) 9.6.24");
  EXPECT_THAT(findings(), Contains(HasSubstr("is older than the server")));
  context_.tools["pg_dump"] = tool("pg_dump (PostgreSQL) 99.1 (Some distribution)");
  EXPECT_THAT(findings(), IsEmpty());
  context_.tools["pg_dump"] = tool("");
  EXPECT_THAT(findings(), Contains(HasSubstr("cannot be run")));
  context_.tools["pg_dump"] = "/no/such/program";
  EXPECT_THAT(findings(), Contains(HasSubstr("cannot be run")));
}

TEST_F(PostgresqlExamine, OnlyWhoMaySeeTheDataFolderKnowsTheRoom) {
  EXPECT_EQ(free_bytes(open()), std::nullopt);
  server_.admin("GRANT pg_read_all_settings TO app");
  EXPECT_GT(free_bytes(open()).value_or(0), 0U);
  server_.admin("REVOKE pg_read_all_settings FROM app");
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
