// ~/.pgpass names databases, and those of our own are in none.
#include <sys/stat.h>

#include <cstdlib>

#include "engine/postgresql_image_world.hpp"
#include "support/file_damage.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::HasSubstr;

class PostgresqlPassword : public ImageWorld {
 protected:
  PostgresqlPassword() {
    spec_.url = server_.url("app", "secret");
    server_.admin("ALTER DATABASE app OWNER TO secret");
    setenv("PGPASSFILE", file_.c_str(), 1);
  }
  ~PostgresqlPassword() override { unsetenv("PGPASSFILE"); }

  void keep_for(const std::string& database) const {
    quemsi::test::write_file(
        file_, server_.socket_folder().string() + ":*:" + database + ":secret:it's a secret\n");
    chmod(file_.c_str(), 0600);
  }

  const std::filesystem::path file_ = dir_.path() / "pgpass";
};

TEST_F(PostgresqlPassword, OfLiveServesForEveryDatabaseOfTheServer) {
  keep_for("app");
  PostgresServer::psql(server_.url("app", "postgres"),
                       "SET ROLE secret; CREATE TABLE t AS SELECT 1 AS x");
  PostgresqlDatabase database = open();
  EXPECT_TRUE(database.probe().exists);
  const ParkedName name = new_name();
  database.copy_live(name, Content::all, CopyLimit::none, no_progress());
  MemoryImage image;
  database.open_parked(name)->write(image, no_progress());
  EXPECT_THAT(text_of(image, "pre-data"), HasSubstr("CREATE TABLE public.t"));
  EXPECT_EQ(database.parked_url(name).find("secret:"), std::string::npos);
}

TEST_F(PostgresqlPassword, ThatIsKeptForNoneOfThemIsMissed) {
  keep_for("another");
  PostgresqlDatabase database = open();
  EXPECT_THAT(error_of([&] { database.probe(); }).hints(),
              testing::Contains(HasSubstr("~/.pgpass")));
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
