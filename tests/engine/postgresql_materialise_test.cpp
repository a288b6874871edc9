#include <atomic>

#include "engine/postgresql_image_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Does something once so many bytes have gone by.
class AfterBytes final : public Progress {
 public:
  AfterBytes(std::uint64_t bytes, std::function<void()> work)
      : bytes_(bytes), work_(std::move(work)) {}
  void begin(std::string_view, std::uint64_t) override {}
  void advance(std::uint64_t bytes) override { done_ += bytes; }
  void end() override {}
  void check_cancelled() override {
    if (done_ >= bytes_ && !did_.exchange(true)) work_();
  }

 private:
  std::uint64_t bytes_;
  std::function<void()> work_;
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<bool> did_ = false;
};

constexpr const char* two_tables =
    "CREATE TABLE t(id integer PRIMARY KEY, x text); CREATE INDEX ON t(x); CREATE TABLE u(x text); "
    "INSERT INTO t SELECT g, md5(g::text) FROM generate_series(1, 20000) g; "
    "INSERT INTO u SELECT x FROM t; CREATE SEQUENCE s; SELECT lo_from_bytea(5, 'abc')";

class PostgresqlMaterialise : public ImageWorld {
 protected:
  explicit PostgresqlMaterialise(PostgresServer& server = shared_postgres()) : ImageWorld(server) {
    run(two_tables);
  }

  void expect_refused(const ImageSource& image, ErrorKind kind, const std::string& what) {
    const Error error = error_of([&] { materialise(image); });
    EXPECT_EQ(error.kind(), kind) << what << ": " << error.what();
    EXPECT_THAT(parked_databases(), IsEmpty()) << what;
    EXPECT_THAT(open().list_parked(), IsEmpty()) << what;
  }
};

TEST_F(PostgresqlMaterialise, AnyDamagedByteIsNoticed) {
  const auto image = seal();
  for (const auto& part : image->parts()) {
    for (std::vector<std::byte>& chunk : part->chunks) {
      const std::byte before = std::exchange(chunk[chunk.size() / 2], std::byte{'~'});
      if (before == std::byte{'~'}) continue;
      expect_refused(*image, ErrorKind::corrupt, part->info.header.name);
      chunk[chunk.size() / 2] = before;
      break;
    }
  }
  materialise(*image);
}

TEST_F(PostgresqlMaterialise, MissingExchangedAndForeignPartsAreNoticed) {
  const auto image = seal();
  for (std::size_t i = 0; i < image->parts().size(); ++i) {
    auto part = std::move(image->parts()[i]);
    image->parts().erase(image->parts().begin() + static_cast<std::ptrdiff_t>(i));
    expect_refused(*image, ErrorKind::corrupt, "without " + part->info.header.name);
    image->parts().insert(image->parts().begin() + static_cast<std::ptrdiff_t>(i), std::move(part));
  }
  for (const auto& part : image->parts()) {
    if (part->chunks.size() < 3) continue;
    std::swap(part->chunks[0], part->chunks[1]);
    std::swap(part->info.chunks[0], part->info.chunks[1]);
    expect_refused(*image, ErrorKind::corrupt, "exchanged in " + part->info.header.name);
    std::swap(part->chunks[0], part->chunks[1]);
    std::swap(part->info.chunks[0], part->info.chunks[1]);
  }
  auto& attributes = image->parts().at(1)->info.header.attributes;
  const auto columns = std::exchange(attributes["columns"], "no list");
  expect_refused(*image, ErrorKind::corrupt, "columns");
  attributes["columns"] = columns;
  image->mutable_header().engine = "sqlite";
  expect_refused(*image, ErrorKind::corrupt, "engine");
}

TEST_F(PostgresqlMaterialise, CancelledAnywhereItLeavesNothing) {
  const auto image = seal();
  for (const std::uint64_t bytes : {0U, 1U, 500'000U, 1'000'000U}) {
    AfterBytes progress(bytes, [] { throw Error(ErrorKind::cancelled, "stop"); });
    const Error error = error_of([&] { open().materialise(*image, new_name(), progress); });
    EXPECT_EQ(error.kind(), ErrorKind::cancelled);
    EXPECT_THAT(parked_databases(), IsEmpty());
    EXPECT_THAT(open().list_parked(), IsEmpty());
  }
}

TEST_F(PostgresqlMaterialise, WhatTheServerRefusesIsToldAndLeavesNothing) {
  run("CREATE TABLE checked(x integer PRIMARY KEY, CHECK (current_database() = 'app')); "
      "INSERT INTO checked VALUES (1)");
  const Error error = error_of([&] { materialise(*seal()); });
  EXPECT_EQ(error.kind(), ErrorKind::engine);
  EXPECT_THAT(error.what(), HasSubstr("check constraint"));
  EXPECT_THAT(parked_databases(), IsEmpty());
}

TEST_F(PostgresqlMaterialise, AMissingRoleIsNamed) {
  server_.admin("CREATE ROLE passing");
  run("GRANT SELECT ON t TO passing");
  const auto image = seal();
  run("REVOKE SELECT ON t FROM passing");
  server_.admin("DROP ROLE passing");
  const Error error = error_of([&] { materialise(*image); });
  EXPECT_THAT(error.what(), HasSubstr("passing"));
  EXPECT_THAT(error.hints(), testing::Contains(HasSubstr("CREATE ROLE")));
  EXPECT_THAT(parked_databases(), IsEmpty());
}

TEST_F(PostgresqlMaterialise, CommentThatOnlyItsOwnerMaySetIsLeftOutAndSaid) {
  const char* again = "DROP EXTENSION plpgsql; CREATE EXTENSION plpgsql";
  admin(again);
  materialise(*seal());
  EXPECT_THAT(notices_, IsEmpty()) << "the comment is there";
  admin("COMMENT ON EXTENSION plpgsql IS 'it''s \\ours'");
  const ParkedName name = materialise(*seal());
  EXPECT_EQ(run_in(name, "SELECT count(*) FROM t"), "20000\n");
  EXPECT_THAT(notices_, ElementsAre("COMMENT ON EXTENSION plpgsql was left out: only its owner "
                                    "may set it"));
}

TEST_F(PostgresqlMaterialise, DefaultPrivilegesThatOthersHaveSetAreLeftOutAndSaid) {
  admin("ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT SELECT ON TABLES TO app");
  run("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO plain");
  const ParkedName name = materialise(*seal());
  EXPECT_EQ(run_in(name, "SELECT count(*) FROM t"), "20000\n");
  EXPECT_EQ(run_in(name, "SELECT defaclrole::regrole FROM pg_default_acl"), "app\n");
  EXPECT_THAT(notices_, ElementsAre("DEFAULT PRIVILEGES FOR TABLES of role postgres were left "
                                    "out: this user may not set them"));
}

/// As it does in a database that comes from a release before 15.
TEST_F(PostgresqlMaterialise, PublicSchemaThatBelongsToOthersIsTheDatabaseOwners) {
  if (server_.admin("SHOW server_version_num") < "150000") GTEST_SKIP() << "it always does";
  admin("ALTER SCHEMA public OWNER TO postgres; GRANT ALL ON SCHEMA public TO app");
  const ParkedName name = materialise(*seal());
  EXPECT_EQ(run_in(name, "SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'public'"),
            "pg_database_owner\n");
  EXPECT_EQ(run_in(name, "CREATE TABLE more(x integer)"), "");
  EXPECT_THAT(notices_, ElementsAre("OWNER postgres of schema public was left out: this user may "
                                    "not set it"));
}

TEST_F(PostgresqlMaterialise, AnExistingNameIsRefusedAndKept) {
  const auto image = seal();
  const ParkedName name = materialise(*image);
  EXPECT_THROW(open().materialise(*image, name, no_progress()), Error);
  EXPECT_EQ(PostgresServer::dump(url_of(name)), PostgresServer::dump(spec_.url));
}

class PostgresqlCrash : private OwnServer, public PostgresqlMaterialise {
 protected:
  PostgresqlCrash() : PostgresqlMaterialise(own_) {}
};

TEST_F(PostgresqlCrash, WhatWasMaterialisedIsDurable) {
  const std::string before = PostgresServer::dump(spec_.url);
  const ParkedName name = materialise(*seal());
  server_.stop_immediately();
  server_.start();
  EXPECT_EQ(PostgresServer::dump(url_of(name)), before);
}

TEST_F(PostgresqlCrash, AServerThatStopsInTheMiddleIsAnErrorAndLiveStays) {
  const std::string before = PostgresServer::dump(spec_.url);
  const auto image = seal();
  const ParkedName name = new_name();
  AfterBytes progress(500'000, [&] { server_.stop_immediately(); });
  EXPECT_THROW(open().materialise(*image, name, progress), Error);
  server_.start();
  EXPECT_EQ(PostgresServer::dump(spec_.url), before);
  // What is left is marked as ours, so that it can be removed; then it can be made.
  open().drop_parked(name);
  EXPECT_THAT(parked_databases(), IsEmpty());
  open().materialise(*image, name, no_progress());
  EXPECT_EQ(PostgresServer::dump(url_of(name)), before);
}

TEST_F(PostgresqlMaterialise, OwnerWhomWeMayNotSetIsNotAskedFor) {
  if (server_.admin("SHOW server_version_num") < "160000") GTEST_SKIP() << "a member may";
  server_.admin("CREATE ROLE boss; GRANT boss TO app WITH SET FALSE, INHERIT TRUE");
  server_.admin("ALTER DATABASE app OWNER TO boss");
  const ParkedName name = materialise(*seal());
  EXPECT_EQ(run_in(name,
                   "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = "
                   "current_database()"),
            "app\n");
  server_.admin("ALTER DATABASE app OWNER TO app; DROP OWNED BY boss; DROP ROLE boss");
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
