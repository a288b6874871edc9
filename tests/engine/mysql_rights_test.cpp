#include "engine/mysql/privileges.hpp"
#include "engine/mysql/probe.hpp"
#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::HasSubstr;

/// A user who may look into the server's own tables, and so sees what everybody was granted.
class MysqlRights : public MysqlWorld {
 protected:
  MysqlRights() {
    server_.admin("DROP USER IF EXISTS " + user_ + "; CREATE USER " + user_ +
                  "; GRANT SELECT ON *.* TO " + user_);
  }
  ~MysqlRights() override { server_.admin("DROP USER " + user_); }
  MysqlRights(const MysqlRights&) = delete;
  MysqlRights& operator=(const MysqlRights&) = delete;

  [[nodiscard]] Server reader() const { return {spec("o'reader"), context_}; }
  [[nodiscard]] std::string missing() const {
    Connection connection = reader().connect();
    return all_of(error_of([&] { check_rights(connection, live_); }));
  }

  std::string user_ = R"(`o'reader`@localhost)";
};

TEST_F(MysqlRights, ThoseOfOthersAreNotOurs) {
  ASSERT_NE(MariadbServer::client(spec("o'reader").url,
                                  "SELECT 1 FROM information_schema.user_privileges WHERE "
                                  "privilege_type = 'SUPER' LIMIT 1"),
            "");
  Connection connection = reader().connect();
  EXPECT_FALSE(may_set_definer(connection));
  EXPECT_FALSE(has_privilege(connection, "PROCESS"));
  EXPECT_TRUE(has_privilege(connection, "SELECT"));
  EXPECT_THAT(missing(), HasSubstr("it lacks on " + live_ + ": INSERT, "));
  EXPECT_TRUE(rename_obstacle(connection, live_));
}

TEST_F(MysqlRights, OursCountWhateverOurName) {
  server_.admin("GRANT ALL ON " + mariadb_name(live_) + ".* TO " + user_ +
                "; GRANT ALL ON `quemsi\\_%`.* TO " + user_ + "; GRANT PROCESS ON *.* TO " + user_);
  Connection connection = reader().connect();
  EXPECT_TRUE(has_privilege(connection, "PROCESS"));
  EXPECT_NO_THROW(check_rights(connection, live_));
  EXPECT_FALSE(rename_obstacle(connection, live_));
}

TEST_F(MysqlRights, ThoseOfAnActiveRoleAreOurs) {
  server_.admin(
      "DROP ROLE IF EXISTS `the helpers`; CREATE ROLE `the helpers`; GRANT SELECT, RELOAD, "
      "PROCESS ON *.* TO `the helpers`; GRANT SELECT ON " +
      mariadb_name(live_) + ".* TO `the helpers`; GRANT `the helpers` TO " + user_);
  {
    Connection connection = reader().connect();
    EXPECT_FALSE(has_privilege(connection, "RELOAD"));
  }
  server_.admin("SET DEFAULT ROLE `the helpers` " + std::string(mysql() ? "TO " : "FOR ") + user_);
  Connection connection = reader().connect();
  EXPECT_TRUE(has_privilege(connection, "RELOAD"));
  EXPECT_TRUE(has_privilege(connection, "PROCESS"));
  EXPECT_FALSE(has_privilege(connection, "SUPER"));
  EXPECT_FALSE(may_set_definer(connection));
  server_.admin("GRANT SUPER ON *.* TO `the helpers`");
  Connection later = reader().connect();
  EXPECT_TRUE(may_set_definer(later));
  server_.admin("DROP ROLE `the helpers`");
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
