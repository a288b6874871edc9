#include "engine/postgresql_image_world.hpp"
#include "support/file_damage.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

std::string fixture(const std::string& name) {
  return quemsi::test::read_file(std::string(QUEMSI_SOURCE_DIR) + "/tests/engine/" + name);
}

class PostgresqlTorture : public ImageWorld {
 protected:
  /// What pg_dump --create says of the database itself.
  [[nodiscard]] std::string properties_of(const std::string& database) const {
    const std::string text = PostgresServer::dump(server_.url(database), {"--create"});
    std::string lines;
    for (std::string line : split(text, '\n')) {
      const std::size_t at = line.find(database);
      if (line.find("DATABASE") == std::string::npos || line.starts_with("--")) continue;
      if (at != std::string::npos) line.replace(at, database.size(), "DATABASE");
      lines += line + "\n";
    }
    return lines;
  }
};

TEST_F(PostgresqlTorture, EverythingComesBack) {
  run(fixture("postgresql_torture.sql"));
  const ParkedName name = expect_round_trip();
  EXPECT_EQ(properties_of(name.str()), properties_of("app"));
  EXPECT_THAT(notices_, testing::IsEmpty());
  for (const char* sql :
       {"SELECT nextval('app.counter')", "SELECT * FROM app.of_sums",
        "SELECT relname FROM pg_class WHERE relkind = 'm' AND relispopulated ORDER BY 1",
        "SELECT md5(lo_get(4712))", "SHOW work_mem"}) {
    EXPECT_EQ(run_in(name, sql), run(sql)) << sql;
  }
}

TEST_F(PostgresqlTorture, TheSameChunksComeFromWhatCameBack) {
  run(fixture("postgresql_torture.sql"));
  const auto image = seal();
  const ParkedName name = materialise(*image);
  MemoryImage again;
  open().open_parked(name)->write(again, no_progress());
  ASSERT_EQ(again.parts().size(), image->parts().size());
  for (std::size_t i = 0; i < again.parts().size(); ++i) {
    EXPECT_EQ(again.parts()[i]->info.header.name, image->parts()[i]->info.header.name);
    EXPECT_EQ(again.parts()[i]->chunks, image->parts()[i]->chunks)
        << image->parts()[i]->info.header.name;
  }
  EXPECT_EQ(again.mutable_header().attributes, image->mutable_header().attributes);
}

TEST_F(PostgresqlTorture, ACloneIsTheSame) {
  run(fixture("postgresql_torture.sql"));
  const ParkedName first = materialise(*seal());
  const ParkedName second = new_name();
  open().clone_parked(first, second, no_progress());
  EXPECT_EQ(PostgresServer::dump(url_of(second)), PostgresServer::dump(spec_.url));
  EXPECT_EQ(properties_of(second.str()), properties_of("app"));
}

TEST_F(PostgresqlTorture, WhatASuperuserMadeComesBackForASuperuser) {
  spec_.url = server_.url("app", "postgres");
  run(fixture("postgresql_torture_superuser.sql"));
  const ParkedName name = materialise(*seal());
  const auto dump = [&](const std::string& database) {
    return PostgresServer::dump(server_.url(database, "postgres"));
  };
  EXPECT_EQ(dump(name.str()), dump("app"));
}

TEST_F(PostgresqlTorture, AMissingPublicSchemaStaysMissing) {
  run("DROP SCHEMA public; CREATE SCHEMA s; CREATE TABLE s.t(x integer); INSERT INTO s.t VALUES "
      "(1)");
  const ParkedName name = expect_round_trip();
  EXPECT_EQ(run_in(name, "SELECT count(*) FROM pg_namespace WHERE nspname = 'public'"), "0\n");
}

TEST_F(PostgresqlTorture, SchemaAloneIsWhatPgDumpCallsIt) {
  run(fixture("postgresql_torture.sql"));
  const ParkedName name = new_name();
  ASSERT_TRUE(open().copy_live(name, Content::schema, CopyLimit::instant, no_progress()));
  EXPECT_EQ(PostgresServer::dump(url_of(name), {"-s"}), PostgresServer::dump(spec_.url, {"-s"}));
  EXPECT_EQ(run_in(name, "SELECT count(*) FROM app.parent"), "0\n");
  EXPECT_EQ(run_in(name, "SELECT last_value, is_called FROM app.counter"), "10|f\n");
  EXPECT_EQ(run_in(name, "SELECT count(*) FROM pg_largeobject_metadata"), "0\n");
}

TEST_F(PostgresqlTorture, AnEmptiedCopyIsItsSchemaAlone) {
  run(fixture("postgresql_torture.sql"));
  const ParkedName emptied = materialise(*seal());
  open().empty_parked(emptied);
  const ParkedName schema = new_name();
  ASSERT_TRUE(open().copy_live(schema, Content::schema, CopyLimit::instant, no_progress()));
  EXPECT_EQ(PostgresServer::dump(url_of(emptied)), PostgresServer::dump(url_of(schema)));
}

TEST_F(PostgresqlTorture, EmptyingLeavesForeignTablesAlone) {
  spec_.url = server_.url("app", "postgres");
  run(fixture("postgresql_torture_superuser.sql"));
  const ParkedName name = materialise(*seal());
  open().empty_parked(name);
  EXPECT_EQ(server_.admin("SELECT count(*) FROM split_near", name.str()), "0\n");
}

TEST_F(PostgresqlTorture, OfAnExtensionsTablesOnlyItsConfigurationIsContent) {
  spec_.url = server_.url("app", "postgres");
  run("CREATE EXTENSION hstore;"
      "CREATE TABLE settings(id integer PRIMARY KEY, own boolean); CREATE TABLE inner_life(x "
      "integer);"
      "INSERT INTO settings VALUES (1, true), (2, false), (3, false);"
      "INSERT INTO inner_life VALUES (1); ALTER EXTENSION hstore ADD TABLE settings;"
      "ALTER EXTENSION hstore ADD TABLE inner_life;"
      "UPDATE pg_extension SET extconfig = ARRAY['settings'::regclass::oid], "
      "extcondition = ARRAY['WHERE NOT own'] WHERE extname = 'hstore'");
  const auto image = seal();
  EXPECT_EQ(text_of(*image, "rows/public.settings"), "2\tf\n3\tf\n");
  EXPECT_THAT(chunks_of(*image, "public.inner_life"), testing::IsEmpty());
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
