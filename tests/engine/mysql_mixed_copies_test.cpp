// A user who gains and loses the right to make schemas.
#include "engine/mysql_in_place_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class MysqlMixedCopies : public InPlaceWorld {
 protected:
  MysqlMixedCopies() {
    sql("CREATE TABLE t(id INT PRIMARY KEY, label TEXT); INSERT INTO t VALUES (1, 'first')");
  }
  [[nodiscard]] std::string label() const { return sql("SELECT label FROM t"); }
  [[nodiscard]] std::string label_of(const ParkedName& name) const {
    return sql_on(name, "SELECT label FROM t");
  }
  /// As it is where schemas can be exchanged.
  [[nodiscard]] ParkedName park_schema() const {
    const ParkedName name = new_name();
    MysqlDatabase(plain_spec(), context_)
        .copy_live(name, Content::all, CopyLimit::none, no_progress());
    return name;
  }
};

TEST_F(MysqlMixedCopies, CopiesOfBothKindsAreThereAndGo) {
  const ParkedName file = park_file();
  may_make_schemas(true);
  const ParkedName schema = park_schema();
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(copies(), UnorderedElementsAre(file.str(), schema.str()));
    EXPECT_EQ(label_of(file), "first\n");
    EXPECT_EQ(label_of(schema), "first\n");
    const ParkedName copy = new_name();
    serve()->clone_parked(schema, copy, no_progress());
    EXPECT_EQ(label_of(copy), "first\n");
    serve()->drop_parked(copy);
    // What he has is his.
    if (i == 0) server_.admin("GRANT ALL ON `" + schema.str() + "`.* TO plain@localhost");
    if (i == 0) may_make_schemas(false);
  }
  serve()->drop_parked(file);
  serve()->drop_parked(schema);
  EXPECT_THAT(copies(), IsEmpty());
  server_.admin("REVOKE ALL ON `" + schema.str() + "`.* FROM plain@localhost");
}

TEST_F(MysqlMixedCopies, ASchemaGoesInWithoutTheRight) {
  may_make_schemas(true);
  const ParkedName schema = park_schema();
  server_.admin("GRANT ALL ON `" + schema.str() + "`.* TO plain@localhost");
  may_make_schemas(false);
  sql("UPDATE t SET label = 'second'");
  const ParkedName out = new_name();
  const auto database = serve();
  const std::string plan = database->plan_swap(schema, out);
  EXPECT_EQ(database->settle(plan), Settled::not_done);
  static_cast<void>(database->swap(plan));
  EXPECT_EQ(database->settle(plan), Settled::done);
  EXPECT_EQ(label(), "first\n");
  EXPECT_EQ(label_of(out), "second\n");
  EXPECT_THAT(copies(), ElementsAre(out.str()));
  server_.admin("REVOKE ALL ON `" + schema.str() + "`.* FROM plain@localhost");
}

TEST_F(MysqlMixedCopies, AFileGoesInWithTheRight) {
  const ParkedName file = park_file();
  may_make_schemas(true);
  sql("UPDATE t SET label = 'second'");
  const ParkedName out = new_name();
  exchange(file, out);
  EXPECT_EQ(label(), "first\n");
  EXPECT_EQ(label_of(out), "second\n");
  DatabaseSpec target = plain_spec();
  server_.grant_plain("published");
  server_.drop("published");
  target.url = server_.url("published", "plain");
  serve()->publish(out, target, false);
  EXPECT_EQ(server_.admin("SELECT label FROM t", "published"), "second\n");
  server_.drop("published");
  EXPECT_THAT(copies(), IsEmpty());
}

TEST_F(MysqlMixedCopies, PublishingIntoWhatMayNotBeMadeTellsHow) {
  const ParkedName file = park_file();
  DatabaseSpec target = plain_spec();
  target.url = server_.url("forbidden", "plain");
  const Error error = error_of([&] { serve()->publish(file, target, false); });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
  EXPECT_THAT(error.hints(), Contains(HasSubstr("CREATE DATABASE `forbidden`")));
  EXPECT_THAT(copies(), ElementsAre(file.str()));
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
