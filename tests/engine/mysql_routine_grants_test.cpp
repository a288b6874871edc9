#include "engine/mysql_objects_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// What may be done with routines.
class MysqlGrants : public MysqlObjects {
 protected:
  MysqlGrants() {
    server_.admin("CREATE USER bob@localhost");
    run("CREATE PROCEDURE same() SELECT 1; CREATE PROCEDURE differs() SELECT 1");
    parked_ = park();
    run("DROP PROCEDURE differs; CREATE PROCEDURE differs() SELECT 2; CREATE FUNCTION ours() "
        "RETURNS INT DETERMINISTIC RETURN 1");
    for (const char* routine : {"PROCEDURE same", "PROCEDURE differs", "FUNCTION ours"}) {
      server_.admin(std::string("GRANT EXECUTE ON ") + routine + " TO bob@localhost", live_);
    }
    server_.admin("GRANT ALTER ROUTINE ON PROCEDURE differs TO bob@localhost WITH GRANT OPTION",
                  live_);
  }
  ~MysqlGrants() override { server_.admin("DROP USER bob@localhost"); }
  [[nodiscard]] std::string grants() const {
    return server_.admin("SHOW GRANTS FOR bob@localhost");
  }
};

TEST_F(MysqlGrants, AreGivenAgain) {
  const std::string before = grants();
  there_and_back("root");
  EXPECT_EQ(grants(), before);
  there_and_back("root");
  EXPECT_EQ(grants(), before);
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(MysqlGrants, AreLeftWhereNothingNeedsToBeDropped) {
  if (mysql()) GTEST_SKIP() << "MySQL replaces no routines";
  run("DROP FUNCTION ours");
  const std::string before = grants();
  there_and_back();
  EXPECT_EQ(grants(), before);
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(MysqlGrants, ThatCannotBeSeenOrGivenAreTold) {
  there_and_back();
  EXPECT_THAT(notices_, ElementsAre(HasSubstr("GRANT SELECT ON mysql.procs_priv TO")));
  notices_.clear();
  server_.admin("GRANT EXECUTE ON FUNCTION ours TO bob@localhost", live_);
  server_.admin("GRANT SELECT ON mysql.procs_priv TO app@localhost");
  there_and_back();
  server_.admin("REVOKE SELECT ON mysql.procs_priv FROM app@localhost");
  EXPECT_THAT(notices_, Contains(AllOf(HasSubstr("GRANT Execute ON FUNCTION"),
                                       HasSubstr("TO `bob`@`localhost`;"))));
}

TEST_F(MysqlGrants, MakeNoUserWhoIsGone) {
  const ParkedName out = new_name();
  MysqlDatabase database = open_as("root");
  database.swap(database.plan_swap(parked_, out));
  server_.admin("DROP USER bob@localhost");
  database.swap(database.plan_swap(out, new_name()));
  EXPECT_EQ(server_.admin("SELECT COUNT(*) FROM mysql.user WHERE user = 'bob'"), "0\n");
  server_.admin("CREATE USER bob@localhost");
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
