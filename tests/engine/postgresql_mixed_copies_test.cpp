// A role that gains and loses the right to make databases.
#include "engine/postgresql_in_place_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class PostgresqlMixedCopies : public InPlaceWorld {
 protected:
  PostgresqlMixedCopies() { run("CREATE TABLE t AS SELECT 'first' AS label"); }
  [[nodiscard]] std::string label() const { return run("SELECT label FROM t"); }
  [[nodiscard]] std::string label_of(const ParkedName& name) const {
    return run_on(name, "SELECT label FROM t");
  }
};

TEST_F(PostgresqlMixedCopies, CopiesOfBothKindsAreThereAndGo) {
  const ParkedName file = park();
  may_create_databases(true);
  const ParkedName database = park();
  for (const bool may : {true, false}) {
    may_create_databases(may);
    EXPECT_THAT(listed(), testing::UnorderedElementsAre(file.str(), database.str()));
    EXPECT_EQ(label_of(file), "first\n");
    EXPECT_EQ(label_of(database), "first\n");
    const ParkedName copy = new_name();
    serve()->clone_parked(database, copy, no_progress());
    EXPECT_EQ(label_of(copy), "first\n");
    serve()->drop_parked(copy);
  }
  serve()->drop_parked(file);
  serve()->drop_parked(database);
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_EQ(
      server_.admin("SELECT count(*) FROM pg_database WHERE datname = '" + database.str() + "'"),
      "0\n");
}

TEST_F(PostgresqlMixedCopies, ADatabaseGoesInWithoutTheRight) {
  may_create_databases(true);
  const ParkedName database = park();
  may_create_databases(false);
  run("UPDATE t SET label = 'second'");
  const ParkedName out = new_name();
  const std::string plan = serve()->plan_swap(database, out);
  EXPECT_EQ(serve()->settle(plan), Settled::not_done);
  static_cast<void>(serve()->swap(plan));
  EXPECT_EQ(serve()->settle(plan), Settled::done);
  EXPECT_EQ(label(), "first\n");
  EXPECT_EQ(label_of(out), "second\n");
  EXPECT_THAT(listed(), ElementsAre(out.str()));
}

TEST_F(PostgresqlMixedCopies, AFileGoesInWithTheRight) {
  const ParkedName file = park();
  may_create_databases(true);
  run("UPDATE t SET label = 'second'");
  const ParkedName out = new_name();
  swap(file, out);
  EXPECT_EQ(label(), "first\n");
  EXPECT_EQ(label_of(out), "second\n");
  DatabaseSpec target = spec_;
  target.url = server_.url("published");
  server_.drop("published");
  serve()->publish(out, target, false);
  EXPECT_EQ(PostgresServer::psql(target.url, "SELECT label FROM t"), "second\n");
  server_.drop("published");
  EXPECT_THAT(listed(), IsEmpty());
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
