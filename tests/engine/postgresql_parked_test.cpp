#include <csignal>
#include <thread>

#include "engine/postgresql/probe.hpp"
#include "engine/postgresql/publish.hpp"
#include "engine/postgresql_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using PostgresqlParked = PostgresqlWorld;
using PostgresqlProbe = PostgresqlWorld;

void wait_for(const PostgresServer& server, const std::string& condition) {
  PostgresApplication watcher(server.url("postgres", "postgres"), "a watcher");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (watcher.run("SELECT " + condition) != "t\n") {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error(condition);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

/// Nobody can make a database until it lets them.
class HeldCreation {
 public:
  explicit HeldCreation(const PostgresServer& server)
      : server_(server), superuser_(server.url("postgres", "postgres"), "a superuser") {
    superuser_.run("BEGIN; LOCK TABLE pg_database IN SHARE MODE");
  }
  void wait_for_creators(int count) const {
    wait_for(server_, "count(*) = " + std::to_string(count) +
                          " FROM pg_locks WHERE relation = 'pg_database'::regclass "
                          "AND NOT granted");
  }
  void let() { superuser_.run("COMMIT"); }

 private:
  const PostgresServer& server_;
  PostgresApplication superuser_;
};

/// Throws when it is asked.
class Cancelled : public Progress {
 public:
  explicit Cancelled(std::function<void()> before = [] {}) : before_(std::move(before)) {}
  void begin(std::string_view, std::uint64_t) override {}
  void advance(std::uint64_t) override {}
  void end() override {}
  void check_cancelled() override {
    before_();
    throw Error(ErrorKind::cancelled, "stop");
  }

 private:
  std::function<void()> before_;
};

std::string create_statement(const ParkedName& name) {
  return "CREATE DATABASE " + sql_name(name.str()) + " TEMPLATE template0";
}

TEST_F(PostgresqlParked, TwoRepositoriesOnOneServerDoNotSeeEachOther) {
  const ParkedName ours = park("ours");
  context_.state_dir = dir_.path() / "another";
  std::filesystem::create_directory(context_.state_dir);
  EXPECT_THAT(listed(), IsEmpty());
  drop_parked(open(), registry(), ours);
  EXPECT_EQ(label(ours.str()), "ours");
  EXPECT_THROW(swap(ours, new_name()), Error);
  EXPECT_THROW(clone_parked(open(), registry(), ours, new_name(), no_progress()), Error);
  const ParkedName theirs = park("theirs");
  EXPECT_THAT(listed(), ElementsAre(theirs.str()));
}

TEST_F(PostgresqlParked, CopyThatSomebodyDroppedIsNotThere) {
  const ParkedName name = park("x");
  server_.drop(name.str());
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_THAT(error_of([&] { swap(name, new_name()); }).what(), HasSubstr(name.str()));
  drop_parked(open(), registry(), name);
  drop_parked(open(), registry(), name);
}

TEST_F(PostgresqlParked, DatabaseWithoutMarkerIsNeverTouched) {
  const ParkedName name = new_name();
  server_.create(name.str());
  drop_parked(open(), registry(), name);
  EXPECT_TRUE(exists(name.str()));
  const Error error =
      error_of([&] { clone_parked(open(), registry(), park("x"), name, no_progress()); });
  EXPECT_THAT(error.what(), HasSubstr("exists"));
  drop_parked(open(), registry(), name);
  EXPECT_TRUE(exists(name.str()));
}

TEST_F(PostgresqlParked, DraftLeavesNothingUnlessKept) {
  const ParkedName name = new_name();
  const Server server = open();
  const ParkedRegistry parked = registry();
  Connection connection = server.maintenance();
  { const ParkedDraft draft(server, parked, connection, name, "TEMPLATE template0"); }
  EXPECT_FALSE(exists(name.str()));
  EXPECT_THROW(ParkedDraft(server, parked, connection, name, "TEMPLATE missing"), Error);
  EXPECT_THAT(listed(), IsEmpty());
  EXPECT_TRUE(std::filesystem::is_empty(
      std::filesystem::directory_iterator(context_.state_dir / "parked")->path()));
}

TEST_F(PostgresqlParked, DraftIsNoCopyUntilItIsWhole) {
  const ParkedName name = new_name();
  const Server server = open();
  const ParkedRegistry parked = registry();
  Connection connection = server.maintenance();
  {
    ParkedDraft draft(server, parked, connection, name, "TEMPLATE template0");
    EXPECT_THAT(listed(), IsEmpty());
    EXPECT_THROW(swap(name, new_name()), Error);
    draft.keep();
  }
  EXPECT_THAT(listed(), ElementsAre(name.str()));
}

TEST_F(PostgresqlParked, DraftOfWhoWasKilledIsDropped) {
  const ParkedName name = new_name();
  const Server server = open();
  Connection connection = server.maintenance();
  registry().mark_draft(name, server_identity(connection, server.info()));
  server_.create(name.str());
  EXPECT_THAT(listed(), IsEmpty());
  drop_parked(server, registry(), name);
  EXPECT_FALSE(exists(name.str()));
}

TEST_F(PostgresqlParked, DraftThatAKilledProcessStillMakesIsDropped) {
  const ParkedName name = new_name();
  const Server server = open();
  Connection killed = server.maintenance();
  registry().mark_draft(name, server_identity(killed, server.info()));
  HeldCreation held(server_);
  killed.start(create_statement(name));
  held.wait_for_creators(1);
  drop_parked(server, registry(), name);
  held.let();
  EXPECT_THROW(killed.collect(), Error);
  EXPECT_FALSE(exists(name.str()));
}

TEST_F(PostgresqlParked, DraftThatIsThereWhenItIsCancelledIsDropped) {
  const ParkedName name = new_name();
  const Server server = open();
  const ParkedRegistry parked = registry();
  Connection connection = server.maintenance();
  HeldCreation held(server_);
  Cancelled late([&] {
    held.let();
    wait_for(server_,
             "EXISTS (SELECT FROM pg_database WHERE datname = " + sql_text(name.str()) + ")");
  });
  const Error error =
      error_of([&] { ParkedDraft(server, parked, connection, name, "TEMPLATE template0", late); });
  EXPECT_EQ(error.kind(), ErrorKind::cancelled);
  EXPECT_FALSE(exists(name.str()));
}

TEST_F(PostgresqlParked, DraftWhoseNameSomebodyTookIsTheirs) {
  const ParkedName from = park("source");
  const ParkedName name = new_name();
  PostgresApplication owner(url("postgres"));
  owner.run("BEGIN; COMMENT ON DATABASE " + from.str() + " IS 'nobody copies it now'");
  Error error(ErrorKind::internal, "");
  std::jthread cloning([&] {
    error = error_of([&] { clone_parked(open(), registry(), from, name, no_progress()); });
  });
  wait_for(server_, "EXISTS (SELECT FROM pg_locks WHERE locktype = 'object' AND NOT granted)");
  server_.create(name.str());
  owner.run("COMMIT");
  cloning.join();
  EXPECT_EQ(error.sqlstate(), sqlstate::duplicate_database);
  EXPECT_TRUE(exists(name.str()));
}

TEST_F(PostgresqlParked, DraftAndSomebodyWhoTakeOneNameAtOnceGetOne) {
  const Server server = open();
  const ParkedRegistry parked = registry();
  Connection ours = server.maintenance();
  Connection theirs = server.maintenance();
  const ParkedName name = new_name();
  HeldCreation held(server_);
  theirs.start(create_statement(name));
  held.wait_for_creators(1);
  std::jthread letting([&] {
    held.wait_for_creators(2);
    held.let();
  });
  bool got = true;
  try {
    const ParkedDraft draft(server, parked, ours, name, "TEMPLATE template0");
  } catch (const Error&) {
    got = false;
  }
  EXPECT_EQ(exists(name.str()), !got);
}

TEST_F(PostgresqlParked, CopiesThatApplicationsReadAreDropped) {
  const ParkedName name = park("x");
  PostgresApplication reader(url(name.str()));
  reader.run("BEGIN; SELECT * FROM t");
  drop_parked(open(), registry(), name);
  EXPECT_FALSE(exists(name.str()));
}

TEST_F(PostgresqlParked, HalfDroppedAndTemplateCopiesAreDropped) {
  const ParkedName half = park("x");
  const ParkedName pattern = park("x");
  server_.admin("UPDATE pg_database SET datconnlimit = -2 WHERE datname = " + sql_text(half.str()));
  server_.admin("ALTER DATABASE " + pattern.str() + " IS_TEMPLATE true");
  EXPECT_THAT(listed(), ElementsAre(pattern.str()));
  EXPECT_THAT(error_of([&] { swap(half, new_name()); }).what(), HasSubstr("half-way"));
  drop_parked(open(), registry(), half);
  drop_parked(open(), registry(), pattern);
  EXPECT_FALSE(exists(half.str()) || exists(pattern.str()));
}

TEST_F(PostgresqlParked, CopiesThatSubscribeToSomethingAreDropped) {
  const ParkedName name = park("x");
  server_.admin(
      "CREATE SUBSCRIPTION \"the feed\" CONNECTION 'host=/nowhere dbname=x' PUBLICATION p "
      "WITH (connect = false)",
      name.str());
  EXPECT_THAT(all_of(error_of([&] { drop_parked(open(), registry(), name); })),
              HasSubstr("DROP SUBSCRIPTION \"the feed\";"));
  EXPECT_TRUE(exists(name.str()));
  drop_parked(Server(spec("postgres"), context_), registry(), name);
  EXPECT_FALSE(exists(name.str()));
  EXPECT_THAT(notices_, ElementsAre(HasSubstr("drop the slot the feed on its publisher")));
}

TEST_F(PostgresqlParked, CloneClosesWhoIsInTheSource) {
  const ParkedName from = park("source");
  PostgresApplication reader(url(from.str()), "reader");
  const ParkedName to = new_name();
  const std::string closed = reader.process_name();
  clone_parked(open(), registry(), from, to, no_progress());
  EXPECT_EQ(label(to.str()), "source");
  EXPECT_THAT(notices_, ElementsAre(HasSubstr(closed)));
  context_.connections = ConnectionPolicy::refuse;
  reader.run("SELECT 1");
  const Error error =
      error_of([&] { clone_parked(open(), registry(), from, new_name(), no_progress()); });
  EXPECT_EQ(error.kind(), ErrorKind::busy);
  EXPECT_THAT(all_of(error), HasSubstr(reader.process_name()));
}

TEST_F(PostgresqlParked, CloneStopsWhenCancelled) {
  const ParkedName from = park("source");
  Cancelled progress;
  const ParkedName to = new_name();
  const HeldCreation held(server_);
  const Error error = error_of([&] { clone_parked(open(), registry(), from, to, progress); });
  EXPECT_EQ(error.kind(), ErrorKind::cancelled);
  EXPECT_FALSE(exists(to.str()));
  EXPECT_THAT(listed(), ElementsAre(from.str()));
}

TEST_F(PostgresqlParked, BigCopiesAreClonedToo) {
  const ParkedName from = park("source");
  PostgresServer::psql(
      url(from.str()),
      "CREATE TABLE big AS SELECT repeat('x', 500) FROM generate_series(1, 130000)");
  const ParkedName to = new_name();
  clone_parked(open(), registry(), from, to, no_progress());
  EXPECT_EQ(PostgresServer::psql(url(to.str()), "SELECT count(*) FROM big"), "130000\n");
}

TEST_F(PostgresqlParked, PublishWorksOnOneServerOnly) {
  PostgresServer other;
  const ParkedName name = park("published");
  const Error error = error_of([&] {
    publish(open(), registry(), name, {.name = "x", .engine = "postgresql", .url = other.url("x")},
            false);
  });
  EXPECT_EQ(error.kind(), ErrorKind::unsupported);
  EXPECT_EQ(label(name.str()), "published");
}

TEST_F(PostgresqlProbe, TellsWhatIsThere) {
  const Probe found = probe(open());
  EXPECT_TRUE(found.exists);
  EXPECT_THAT(found.version, testing::MatchesRegex("PostgreSQL [0-9.]+"));
  EXPECT_GT(found.bytes, 1U << 20);
}

TEST_F(PostgresqlProbe, MissingDatabaseIsNoError) {
  server_.drop(live_);
  EXPECT_FALSE(probe(open()).exists);
}

TEST_F(PostgresqlProbe, RoleWithoutRightsIsToldTheStatements) {
  const Error error = error_of([&] { probe(Server(spec("plain"), context_)); });
  EXPECT_THAT(all_of(error), HasSubstr(R"(ALTER ROLE "plain" CREATEDB;)"));
  EXPECT_THAT(all_of(error), HasSubstr(R"(ALTER DATABASE "app's ""db""" OWNER TO "plain";)"));
  server_.admin(R"(ALTER ROLE plain CREATEDB; ALTER DATABASE "app's ""db""" OWNER TO plain;)");
  EXPECT_TRUE(probe(Server(spec("plain"), context_)).exists);
  server_.admin("ALTER ROLE plain NOCREATEDB");
}

TEST_F(PostgresqlProbe, WrongAndMissingPasswordsAreToldApart) {
  const auto failure = [&](const std::string& password) {
    return all_of(error_of([&] {
      probe(Server(
          {.name = "app", .engine = "postgresql", .url = server_.url(live_, "secret", password)},
          context_));
    }));
  };
  EXPECT_THAT(failure("s3cret"), testing::AllOf(HasSubstr("refused user secret"),
                                                HasSubstr("password authentication failed"),
                                                Not(HasSubstr("s3cret"))));
  EXPECT_THAT(failure(""), HasSubstr("~/.pgpass"));
  server_.admin("ALTER DATABASE " + sql_name(live_) + " OWNER TO secret");
  EXPECT_TRUE(probe(Server({.name = "app",
                            .engine = "postgresql",
                            .url = server_.url(live_, "secret", "it's a secret")},
                           context_))
                  .exists);
}

TEST_F(PostgresqlProbe, ServerThatIsDownIsSaidToBe) {
  const TempDir nothing;
  const Server server({.name = "app",
                       .engine = "postgresql",
                       .url = "postgresql:///app?host=" + nothing.path().string()},
                      context_);
  const Error error = error_of([&] { probe(server); });
  EXPECT_EQ(error.kind(), ErrorKind::engine);
  EXPECT_THAT(error.what(), HasSubstr("cannot reach the PostgreSQL server"));
  EXPECT_THAT(error.hints(), Not(IsEmpty()));
}

TEST_F(PostgresqlProbe, AnotherMaintenanceDatabaseServesAsWell) {
  server_.admin("REVOKE CONNECT ON DATABASE postgres FROM PUBLIC");
  EXPECT_TRUE(probe(open()).exists);
  server_.admin("REVOKE CONNECT ON DATABASE template1 FROM PUBLIC");
  const Error error = error_of([&] { probe(open()); });
  server_.admin(
      "GRANT CONNECT ON DATABASE postgres TO PUBLIC;"
      "GRANT CONNECT ON DATABASE template1 TO PUBLIC");
  EXPECT_THAT(all_of(error), HasSubstr(R"(GRANT CONNECT ON DATABASE postgres TO "app";)"));
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
