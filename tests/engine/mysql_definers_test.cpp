#include "engine/mysql/definers.hpp"

#include "engine/mysql/examine.hpp"
#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// What an administrator made, in a schema of the application's user.
class MysqlDefiners : public MysqlWorld {
 protected:
  MysqlDefiners() {
    revoke();
    run("CREATE TABLE t(id INT PRIMARY KEY, label TEXT); INSERT INTO t VALUES (1, 'parked');");
    server_.admin(
        "CREATE DEFINER=root@localhost VIEW v AS SELECT label FROM t;"
        "CREATE DEFINER=root@localhost SQL SECURITY INVOKER VIEW asking AS SELECT id FROM t;"
        "CREATE DEFINER=root@localhost TRIGGER upper_case BEFORE INSERT ON t FOR EACH ROW "
        "SET new.label = UPPER(new.label);"
        "CREATE DEFINER=root@localhost EVENT e ON SCHEDULE EVERY 1 DAY DO SET @x = 1",
        live_);
  }
  ~MysqlDefiners() override { revoke(); }

  [[nodiscard]] static std::string setting() {
    return mysql() ? "SET_ANY_DEFINER, SYSTEM_USER" : "SET USER";
  }
  void grant(const std::string& privileges) const {
    server_.admin("GRANT " + privileges + " ON *.* TO app@localhost");
  }
  void revoke() const { server_.admin("REVOKE " + setting() + " ON *.* FROM app@localhost"); }
  /// MySQL lets nobody else drop what root made.
  void let_drop() const {
    if (mysql()) grant("SYSTEM_USER");
  }
  void set(DefinerPolicy policy) { context_.definers = policy; }

  [[nodiscard]] std::string definers(const std::string& schema) const {
    const std::string of = " WHERE %_schema = " + quemsi::test::mariadb_text(schema);
    const auto part = [&](const std::string& kind, const std::string& table,
                          const std::string& prefix, const std::string& name) {
      std::string where = of;
      where.replace(where.find('%'), 1, prefix);
      return "SELECT '" + kind + "', " + name + ", definer FROM information_schema." + table +
             where;
    };
    return server_.admin(part("view", "views", "table", "table_name") + " UNION " +
                         part("trigger", "triggers", "trigger", "trigger_name") + " UNION " +
                         part("event", "events", "event", "event_name") + " ORDER BY 1, 2");
  }
  [[nodiscard]] static std::string all_of_user(const std::string& user) {
    return "event\te\t" + user + "\ntrigger\tupper_case\t" + user + "\nview\tasking\t" + user +
           "\nview\tv\t" + user + "\n";
  }
  [[nodiscard]] std::vector<std::string> findings() const {
    std::vector<std::string> texts;
    for (const Finding& finding : examine(server())) {
      texts.push_back(std::string(to_string(finding.severity)) + ": " + all_of(finding.error));
    }
    return texts;
  }
};

TEST_F(MysqlDefiners, KeepRefusesBeforehandWhatItMayNotKeep) {
  const auto image = seal();
  const ParkedName parked = park();
  notices_.clear();
  set(DefinerPolicy::keep);
  const std::string before = dump();
  const auto refused = AllOf(HasSubstr("VIEW v of `root`@`localhost`"),
                             HasSubstr("TRIGGER upper_case of `root`@`localhost`"),
                             HasSubstr("EVENT e of `root`@`localhost`"),
                             HasSubstr("GRANT " + setting() + " ON *.* TO 'app'@'localhost';"),
                             HasSubstr("git config quemsi.definers rewrite"));
  MysqlDatabase database = open();
  EXPECT_THAT(all_of(error_of([&] { database.plan_swap(parked, new_name()); })), refused);
  EXPECT_THAT(all_of(error_of([&] { materialise(*image); })), refused);
  EXPECT_THAT(all_of(error_of([&] { park(); })), refused);
  EXPECT_THAT(parked_schemas(), ElementsAre(parked.str()));
  EXPECT_EQ(dump(), before);
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(MysqlDefiners, KeepKeepsThemWithThePrivilege) {
  grant(setting());
  set(DefinerPolicy::keep);
  const ParkedName parked = materialise(*seal());
  EXPECT_EQ(definers(parked.str()), all_of_user("root@localhost"));
  const ParkedName out = new_name();
  swap(parked, out);
  EXPECT_EQ(definers(live_), all_of_user("root@localhost"));
  EXPECT_EQ(definers(out.str()), all_of_user("root@localhost"));
  EXPECT_THAT(notices_, IsEmpty());
}

TEST_F(MysqlDefiners, KeepNoticesAtTheCopyThatThePrivilegeIsGone) {
  grant(setting());
  set(DefinerPolicy::keep);
  const ParkedName parked = park();
  revoke();
  const ParkedName copy = new_name();
  EXPECT_THAT(error_of([&] { open().clone_parked(parked, copy, no_progress()); }).what(),
              HasSubstr("VIEW v of `root`@`localhost`"));
  EXPECT_THAT(error_of([&] { open().empty_parked(parked); }).what(), HasSubstr("upper_case"));
  EXPECT_EQ(run_in(parked, "SELECT label FROM t"), "parked\n");
}

TEST_F(MysqlDefiners, AutoKeepsWhatItMayAndTellsOfTheRest) {
  server_.admin("CREATE USER other@localhost");
  server_.admin("CREATE DEFINER=other@localhost VIEW theirs AS SELECT 1", live_);
  const auto image = seal();
  grant(mysql() ? "SET_ANY_DEFINER" : "SET USER");
  const ParkedName parked = materialise(*image);
  EXPECT_THAT(definers(parked.str()), HasSubstr("theirs\tother@localhost"));
  if (mysql()) {
    EXPECT_THAT(definers(parked.str()), HasSubstr(all_of_user("app@localhost").substr(0, 40)));
    EXPECT_THAT(notices_, ElementsAre(AllOf(HasSubstr("VIEW v of `root`@`localhost`"),
                                            Not(HasSubstr("theirs")))));
  } else {
    EXPECT_THAT(definers(parked.str()), HasSubstr(all_of_user("root@localhost").substr(0, 40)));
    EXPECT_THAT(notices_, IsEmpty());
  }
  server_.admin("DROP USER other@localhost");
}

TEST_F(MysqlDefiners, RewriteMakesThemOursAndIsToldOnce) {
  grant(setting());
  set(DefinerPolicy::rewrite);
  const ParkedName parked = materialise(*seal());
  EXPECT_EQ(definers(parked.str()), all_of_user("app@localhost"));
  EXPECT_THAT(run_in(parked, "SHOW CREATE VIEW asking"), HasSubstr("SQL SECURITY INVOKER"));
  EXPECT_THAT(run_in(parked, "SHOW CREATE VIEW v"), HasSubstr("SQL SECURITY DEFINER"));
  EXPECT_THAT(notices_, IsEmpty()) << "as nobody may be listening";
  run("DROP VIEW v");
  const ParkedName out = new_name();
  swap(parked, out);
  swap(out, new_name());
  EXPECT_THAT(notices_, ElementsAre(HasSubstr("runs as app@localhost")));
}

TEST_F(MysqlDefiners, RewriteLeavesAloneWhatDiffersInNothingElse) {
  set(DefinerPolicy::rewrite);
  run("DROP TRIGGER upper_case");
  const ParkedName parked = park();
  MysqlApplication app(url(live_));
  EXPECT_EQ(app.run("PREPARE s FROM 'SELECT * FROM v'; EXECUTE s"), "parked\n");
  run("UPDATE t SET label = 'live'");
  const ParkedName out = new_name();
  swap(parked, out);
  EXPECT_EQ(app.run("EXECUTE s"), "parked\n");
  EXPECT_THAT(definers(live_), HasSubstr("view\tv\troot@localhost"));
  EXPECT_THAT(definers(out.str()), HasSubstr("view\tv\tapp@localhost"));
}

TEST_F(MysqlDefiners, RewriteAloneChangesNoFingerprint) {
  let_drop();
  for (const DefinerPolicy policy : {DefinerPolicy::automatic, DefinerPolicy::rewrite}) {
    set(policy);
    const auto before = open().schema_fingerprint();
    swap(park(), new_name());
    EXPECT_THAT(definers(live_), HasSubstr("trigger\tupper_case\tapp@localhost"));
    EXPECT_EQ(open().schema_fingerprint(), before);
  }
}

TEST_F(MysqlDefiners, WhereDefinersAreKeptAnotherOneIsAChange) {
  set(DefinerPolicy::keep);
  const auto before = open().schema_fingerprint();
  server_.admin("ALTER DEFINER=app@localhost VIEW v AS SELECT label FROM t", live_);
  EXPECT_NE(open().schema_fingerprint(), before);
}

TEST_F(MysqlDefiners, DoctorSaysWhatBecomesOfThem) {
  const auto named = HasSubstr("views, triggers or routines run as root@localhost");
  EXPECT_THAT(findings(), Contains(AllOf(HasSubstr("warning: "), named,
                                         HasSubstr("they run as 'app'@'localhost'"))));
  set(DefinerPolicy::keep);
  EXPECT_THAT(findings(),
              Contains(AllOf(HasSubstr("error: "), named, HasSubstr("`definers: keep` refuses"),
                             HasSubstr("GRANT " + setting()))));
  set(DefinerPolicy::rewrite);
  const auto left = Contains(AllOf(HasSubstr("warning: "), named, HasSubstr("drop them")));
  if (mysql()) {
    EXPECT_THAT(findings(), left);
  } else {
    EXPECT_THAT(findings(), Not(Contains(named)));
  }
  grant(setting());
  for (const DefinerPolicy policy : {DefinerPolicy::automatic, DefinerPolicy::keep}) {
    set(policy);
    EXPECT_THAT(findings(), Not(Contains(named)));
  }
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
