#include <sys/stat.h>

#include "engine/postgresql/examine.hpp"
#include "engine/postgresql_world.hpp"
#include "support/file_damage.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

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

/// A line before all others of pg_hba.conf.
class AccessRule {
 public:
  AccessRule(const PostgresServer& server, const std::string& line) : server_(server) {
    write(sql_text(line + "\n") + " || pg_read_file(current_setting('hba_file'))");
  }
  ~AccessRule() {
    write(
        "substr(pg_read_file(current_setting('hba_file')), "
        "strpos(pg_read_file(current_setting('hba_file')), E'\\n') + 1)");
  }
  AccessRule(const AccessRule&) = delete;
  AccessRule& operator=(const AccessRule&) = delete;

 private:
  void write(const std::string& content) const {
    server_.admin(
        "DO $$BEGIN EXECUTE format('COPY (SELECT unnest(string_to_array(%L, E''\\n''))) TO "
        "%L', " +
        content + ", current_setting('hba_file')); END$$; SELECT pg_reload_conf()");
  }

  const PostgresServer& server_;
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

TEST_F(PostgresqlExamine, NamesAnExtensionThatOnlyASuperuserCanInstall) {
  if (server_.admin("SELECT 1 FROM pg_available_extensions WHERE name = 'pageinspect'").empty()) {
    GTEST_SKIP() << "the server has no such extension";
  }
  server_.admin("CREATE EXTENSION pageinspect", live_);
  EXPECT_THAT(findings(), Contains(testing::AllOf(HasSubstr("error: "), HasSubstr("pageinspect"),
                                                  HasSubstr("ALTER ROLE \"app\" SUPERUSER;"))));
}

TEST_F(PostgresqlExamine, NamesTheOwnerOfWhatTheUserCouldNotMakeAgain) {
  const auto of_owners = [&] {
    std::vector<std::string> texts = findings();
    std::erase_if(texts, [](const std::string& text) {
      return text.find("belongs to") == std::string::npos;
    });
    return texts;
  };
  server_.admin("CREATE ROLE \"the boss\"");
  server_.admin(
      "CREATE TABLE theirs(x INT); ALTER TABLE theirs OWNER TO \"the boss\"; CREATE DOMAIN d AS "
      "int; "
      "CREATE EXTENSION citext",
      live_);
  EXPECT_THAT(of_owners(), UnorderedElementsAre(
                               AllOf(HasSubstr("belongs to \"the boss\": table public.theirs\n"),
                                     HasSubstr("GRANT \"the boss\" TO \"app\";")),
                               HasSubstr("belongs to \"postgres\": type public.d\n")));
  server_.admin("GRANT \"the boss\" TO app; DROP DOMAIN d", live_);
  EXPECT_THAT(of_owners(), IsEmpty());
  server_.drop(live_);
  server_.admin("DROP ROLE \"the boss\"");
}

TEST_F(PostgresqlExamine, NamesATableWhoseRowsAreHiddenFromItsOwner) {
  PostgresServer::psql(live_url(), "ALTER TABLE t ENABLE ROW LEVEL SECURITY");
  EXPECT_THAT(findings(), IsEmpty());
  PostgresServer::psql(live_url(), "ALTER TABLE t FORCE ROW LEVEL SECURITY");
  EXPECT_THAT(findings(), Contains(testing::AllOf(HasSubstr("ALTER ROLE \"app\" BYPASSRLS;"),
                                                  HasSubstr("ALTER TABLE public.t NO FORCE"))));
}

TEST_F(PostgresqlExamine, WarnsOfADatabaseThatDoesNotKnowItsEncoding) {
  server_.drop(live_);
  server_.admin("CREATE DATABASE " + sql_name(live_) +
                " OWNER app ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
  EXPECT_THAT(findings(), Contains(testing::AllOf(HasSubstr("warning: "), HasSubstr("SQL_ASCII"))));
}

TEST_F(PostgresqlExamine, NamesAServerThatLetsNobodyIntoParkedCopies) {
  const AccessRule rule(server_, "local quemsi_doctor app reject");
  EXPECT_THAT(findings(), Contains(testing::AllOf(HasSubstr("error: "), HasSubstr("pg_hba.conf"))));
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
