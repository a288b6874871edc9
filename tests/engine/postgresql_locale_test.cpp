#include "engine/postgresql/server.hpp"
#include "engine/postgresql_image_world.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

class PostgresqlLocale : public ImageWorld {
 protected:
  /// The database is made anew, with `options`.
  void make(const std::string& options) {
    server_.drop("app");
    server_.admin("CREATE DATABASE app OWNER app TEMPLATE template0 " + options);
  }
  [[nodiscard]] int major() const { return Server(spec_, context_).connect("app").major(); }

  static constexpr const char* properties =
      "SELECT to_jsonb(d) - '{oid,datname,datallowconn,datfrozenxid,datminmxid,dathasloginevt}'"
      "::text[] FROM pg_database d WHERE datname = current_database()";
};

TEST_F(PostgresqlLocale, OfIcuComesBack) {
  if (major() < 15) GTEST_SKIP() << "no database has one";
  make("LOCALE_PROVIDER icu ICU_LOCALE 'de-u-co-phonebk' LOCALE 'C.utf8' ENCODING 'UTF8'" +
       std::string(major() < 16 ? "" : " ICU_RULES '&V << w'"));
  run("CREATE TABLE t(id text PRIMARY KEY, x text COLLATE \"C\"); CREATE INDEX ON t(lower(id)); "
      "INSERT INTO t SELECT chr(c), 'x' FROM generate_series(200, 260) c; "
      "INSERT INTO t VALUES ('Ofen'), ('Öfen'), ('Oz'), ('W'), ('v')");
  const ParkedName name = expect_round_trip();
  EXPECT_EQ(run_in(name, properties), run(properties));
  EXPECT_EQ(run_in(name, "SELECT string_agg(id, '' ORDER BY id) FROM t"),
            run("SELECT string_agg(id, '' ORDER BY id) FROM t"));
}

TEST_F(PostgresqlLocale, AndEncodingOfOneByteComeBack) {
  make("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
  run("CREATE TABLE \"größe\"(\"schlüssel\" text PRIMARY KEY, x text DEFAULT 'é'); "
      "COMMENT ON TABLE \"größe\" IS 'über'; CREATE TYPE \"änderung\" AS ENUM ('auf', 'zurück'); "
      "CREATE TABLE u(a \"änderung\"); INSERT INTO u VALUES ('zurück'); "
      "INSERT INTO \"größe\" SELECT chr(c), 'ÿ' FROM generate_series(161, 255) c");
  const ParkedName name = expect_round_trip();
  EXPECT_EQ(run_in(name, properties), run(properties));
  const std::string sums =
      "SELECT md5(string_agg(convert_to(\"schlüssel\", 'LATIN1'), '' ORDER BY 1)) FROM \"größe\"";
  EXPECT_EQ(run_in(name, sums), run(sums));
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
