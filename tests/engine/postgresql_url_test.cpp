#include "engine/postgresql/url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "engine/postgresql/server.hpp"
#include "engine/postgresql_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(PostgresqlUrl, NamesDatabaseServerAndUser) {
  const ConnectInfo info =
      ConnectInfo::parse("postgresql://me:pw@localhost:6543/my%20app?sslmode=disable");
  EXPECT_EQ(info.database(), "my app");
  EXPECT_EQ(info.user(), "me");
  EXPECT_EQ(info.host(), "localhost");
  EXPECT_EQ(info.port(), "6543");
  EXPECT_EQ(info.password(), "pw");
}

TEST(PostgresqlUrl, KeyValueTextMeansTheSame) {
  const ConnectInfo info = ConnectInfo::parse("host=localhost port=6543 dbname='my app' user=me");
  EXPECT_EQ(info.location(), ConnectInfo::parse("postgres://localhost:6543/my%20app").location());
}

TEST(PostgresqlUrl, LocationIsTheSameForEveryWayToThisMachine) {
  const std::string location = ConnectInfo::parse("postgresql:///app").location();
  for (const char* url :
       {"postgresql://localhost/app", "postgresql://127.0.0.1:5432/app",
        "postgresql://127.1.2.3/app", "postgres://u:p@[::1]/app",
        "postgresql:///app?host=/var/run/postgresql", "dbname=app", "postgresql://%2Ftmp/app"}) {
    EXPECT_EQ(ConnectInfo::parse(url).location(), location) << url;
  }
  for (const char* url :
       {"postgresql://localhost/other", "postgresql://localhost:5433/app",
        "postgresql:///app?host=/elsewhere", "postgresql://example.com/app",
        "postgresql://127.evil.example/app", "postgresql://127.0.0.1.example/app"}) {
    EXPECT_NE(ConnectInfo::parse(url).location(), location) << url;
  }
}

TEST(PostgresqlUrl, PasswordIsNeverShown) {
  for (const char* url : {"postgresql://me:s3cret@localhost/app",
                          "postgresql://localhost/app?user=me&password=s3cret",
                          "host=localhost dbname=app user=me password=s3cret"}) {
    const ConnectInfo info = ConnectInfo::parse(url);
    EXPECT_THAT(info.display() + info.location() + info.server() + info.arguments(),
                Not(HasSubstr("s3cret")));
    EXPECT_THAT(info.to("other").url(), HasSubstr("s3cret"));
  }
}

TEST(PostgresqlUrl, AnotherDatabaseOfTheSameServerKeepsTheForm) {
  const auto url_of = [](const char* url) { return ConnectInfo::parse(url).to("a b/c").url(); };
  EXPECT_EQ(url_of("postgresql://me:p%40w@localhost:1/app?sslmode=disable"),
            "postgresql://me:p%40w@localhost:1/a%20b%2Fc?sslmode=disable");
  EXPECT_EQ(url_of("postgres://%2Ftmp%2Fx%20y/app"), "postgres://%2Ftmp%2Fx%20y/a%20b%2Fc");
  EXPECT_EQ(url_of("postgresql://localhost?dbname=app&user=me"),
            "postgresql://localhost/a%20b%2Fc?user=me");
  EXPECT_EQ(ConnectInfo::parse(url_of("host=/x dbname=app password='it\\'s'")).database(), "a b/c");
}

TEST(PostgresqlUrl, ArgumentsAreUnderstoodByLibpq) {
  const ConnectInfo info =
      ConnectInfo::parse("postgresql://it%27s%20me@%2Ftmp%2Fa%20b/back%5Cslash");
  const ConnectInfo again = ConnectInfo::parse(info.arguments());
  EXPECT_EQ(again.user(), "it's me");
  EXPECT_EQ(again.host(), "/tmp/a b");
  EXPECT_EQ(again.database(), "back\\slash");
}

TEST(PostgresqlUrl, WhatIsUnclearIsRefusedWithoutQuotingIt) {
  for (const char* url :
       {"postgresql://me:s3cret@localhost", "postgresql://me:s3cret@localhost/", "user=s3cret",
        "postgresql://me:s3cret@a,b/app", "postgresql://me:s3cret@localhost:1,2/app",
        "postgresql://me:s3cret@localhost/app?nonsense=1",
        "postgresql://me:s3cret%zz@localhost/app",
        "dbname=app replication=database password=s3cret"}) {
    const Error error = error_of([&] { ConnectInfo::parse(url); });
    EXPECT_EQ(error.kind(), ErrorKind::config) << url;
    EXPECT_THAT(all_of(error), Not(HasSubstr("s3cret"))) << url;
  }
}

TEST(PostgresqlUrl, EnvironmentOfLibpqCounts) {
  setenv("PGDATABASE", "from_environment", 1);
  setenv("PGPORT", "7777", 1);
  const ConnectInfo info = ConnectInfo::parse("postgresql://localhost");
  unsetenv("PGDATABASE");
  unsetenv("PGPORT");
  EXPECT_EQ(info.database(), "from_environment");
  EXPECT_EQ(info.port(), "7777");
}

TEST(PostgresqlUrl, ServiceFileOfLibpqCounts) {
  const TempDir folder;
  const auto file = folder.path() / "services";
  std::ofstream(file) << "[mine]\nhost=db.example.com\ndbname=far\nport=6000\n";
  setenv("PGSERVICEFILE", file.c_str(), 1);
  const ConnectInfo info = ConnectInfo::parse("service=mine");
  unsetenv("PGSERVICEFILE");
  EXPECT_EQ(info.host(), "db.example.com");
  EXPECT_EQ(info.database(), "far");
  EXPECT_FALSE(info.is_local());
}

Error refusal(const std::string& url, std::vector<std::string> allowed = {}) {
  return error_of([&] {
    Server({.name = "app", .engine = "postgresql", .url = url},
           {.top = "/", .state_dir = "/", .allowed_hosts = std::move(allowed)});
  });
}

TEST(PostgresqlRails, TheServersOwnAndOurCopiesAreRefused) {
  for (const char* name : {"postgres", "template0", "template1", "quemsi_kkkkkkkkkkkkkkkk"}) {
    const Error error = refusal(std::string("postgresql://localhost/") + name);
    EXPECT_EQ(error.kind(), ErrorKind::config) << name;
    EXPECT_THAT(error.what(), HasSubstr(std::string(name).substr(0, 6)));
  }
  EXPECT_EQ(refusal("postgresql:///" + std::string(64, 'x')).kind(), ErrorKind::config);
}

TEST(PostgresqlRails, HostsElsewhereAreRefusedUnlessAllowed) {
  for (const char* url :
       {"postgresql://db.example.com/app", "host=localhost hostaddr=10.0.0.1 dbname=app",
        "postgresql://10.0.0.1/app", "postgresql:///app?host=db.example.com"}) {
    const Error error = refusal(url);
    EXPECT_EQ(error.kind(), ErrorKind::config) << url;
    EXPECT_THAT(all_of(error), HasSubstr("git config --global quemsi.allowHost ")) << url;
    refusal(url, {"other.example.com"});
  }
  const auto opened = [](const std::string& url, std::vector<std::string> allowed) {
    return Server({.name = "app", .engine = "postgresql", .url = url},
                  {.top = "/", .state_dir = "/", .allowed_hosts = std::move(allowed)})
        .live();
  };
  EXPECT_EQ(opened("postgresql://db.example.com/app", {"db.example.com"}), "app");
  EXPECT_EQ(opened("postgresql://db.example.com/app", {"*"}), "app");
  EXPECT_EQ(opened("postgresql://127.0.0.2/app", {}), "app");
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
