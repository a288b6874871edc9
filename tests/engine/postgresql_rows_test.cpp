#include <fmt/format.h>

#include "engine/common/chunker.hpp"
#include "engine/postgresql/pin.hpp"
#include "engine/postgresql/ranges.hpp"
#include "engine/postgresql_image_world.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class PostgresqlRows : public ImageWorld {};

/// Values that text could lose.
constexpr const char* every_type = R"sql(
CREATE TYPE mood AS ENUM ('sad', 'it''s "ok"');
CREATE TYPE pair AS (a integer, b text);
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TABLE every (
  id bigint PRIMARY KEY, a smallint, b integer, c numeric, d numeric(20,5), e real,
  f double precision, g money, h character(5), i varchar(10), j text, k bytea,
  l timestamp, m timestamptz, n date, o time, p timetz, q interval, r boolean, s mood,
  t point, u line, v lseg, w box, x path, y polygon, z circle, aa cidr, ab inet, ac macaddr,
  ad macaddr8, ae bit(5), af bit varying(9), ag tsvector, ah tsquery, ai uuid, aj xml, ak json,
  al jsonb, am integer[], an text[], ao pair, ap positive, aq int4range, ar nummultirange,
  at pg_lsn, au "char", av name, aw oid, ax jsonpath, ay pair[], az regclass, ba tstzrange,
  bb pg_snapshot);
INSERT INTO every VALUES (9223372036854775807, -32768, -2147483648, 'NaN', 123456789012345.12345,
  '1e-45', 4.9406564584124654e-324, '-1234.56', 'ab', '', E'tab\there\nnew\\line\rcr', '\x00ff5c0a',
  '-infinity', '294276-12-31 23:59:59.999999+00', '4713-01-01 BC', '24:00:00', '00:00:00+15:59',
  '-178000000 years -1 days 00:00:00.000001', true, 'it''s "ok"', '(1e-300,Infinity)', '{1,2,3}',
  '[(0,0),(1,1)]', '(1,1),(0,0)', '[(0,0),(1,1)]', '((0,0),(1,1))', '<(0,0),5>', '10.0.0.0/8',
  '::1/128', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', B'10101', B'', '''a b'':1A c:2', 'a & !b:*',
  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '<a>&amp;</a>', '{"a" :  1, "a":2}', '{"b": 1e400}',
  '[-1:0]={NULL,5}', '{"NULL",NULL,"a\"b"}', '(,"x y")', 1, '[1,10)', '{[1,2),(3,)}',
  '16/B374D848', 'x', 'a name', 4294967295, '$.a[*] ? (@ > 1)', '{"(1,a)","(,)"}', 'pg_class',
  '["2000-01-01 00:00:00+00",infinity)', '10:20:10,14,15');
INSERT INTO every (id, e, f, c, j, r) VALUES (-9223372036854775808, '-Infinity', 'NaN', '-Infinity',
  '\N', false), (0, '-0', 0.1, 1e131071, U&'\+01F600 größe 数据', NULL), (1, 3.4028235e38,
  1.7976931348623157e308, 0.000000000000000000000000000001, '\.', true);
)sql";

TEST_F(PostgresqlRows, EveryTypeComesBack) {
  run(every_type);
  const ParkedName name = expect_round_trip();
  // Comparing what is printed could hide what printing loses. Types of one's own have other OIDs.
  const std::string hash =
      "SELECT md5(string_agg(record_send(whole)::text, '' ORDER BY whole.id)) FROM (SELECT id, a, "
      "b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, t, u, v, w, x, y, "
      "z, aa, ab, ac, ad, ae, af, ag, ah, ai, aj, ak, al, am, an, aq, ar, at, au, av, aw, ax, ba, "
      "bb FROM every) AS whole";
  EXPECT_EQ(run_in(name, hash), run(hash));
}

TEST_F(PostgresqlRows, TablesWithoutColumnsKeepTheirRows) {
  run("CREATE TABLE nothing(); INSERT INTO nothing DEFAULT VALUES; "
      "INSERT INTO nothing DEFAULT VALUES; CREATE TABLE no_rows(); "
      "CREATE TABLE only_generated(x integer GENERATED ALWAYS AS (1) STORED); "
      "INSERT INTO only_generated DEFAULT VALUES");
  const ParkedName name = expect_round_trip();
  EXPECT_EQ(run_in(name, "SELECT count(*) FROM nothing"), "2\n");
  EXPECT_EQ(run_in(name, "SELECT count(*) FROM only_generated"), "1\n");
}

TEST_F(PostgresqlRows, DuplicatesWithoutKeyComeBackAsOften) {
  run("CREATE TABLE bag(x text); "
      "INSERT INTO bag SELECT 'row ' || g % 7 FROM generate_series(1, 50000) g; "
      "UPDATE bag SET x = 'changed' WHERE ctid < '(3,0)'");
  const auto image = seal();
  const ParkedName name = materialise(*image);
  const std::string counts = "SELECT x, count(*) FROM bag GROUP BY x ORDER BY x";
  EXPECT_EQ(run_in(name, counts), run(counts));
  // The order in which they are stored stays, and so do the chunks.
  MemoryImage again;
  open().open_parked(name)->write(again, no_progress());
  EXPECT_EQ(chunks_of(again, "public.bag"), chunks_of(*image, "public.bag"));
}

TEST_F(PostgresqlRows, ARowLargerThanAChunkComesBack) {
  run("CREATE TABLE big(id integer PRIMARY KEY, x text, y bytea); "
      "INSERT INTO big SELECT g, repeat(md5(g::text), 300000), decode(repeat('00ff', 1000000), "
      "'hex') "
      "FROM generate_series(1, 3) g");
  const auto image = seal();
  const auto chunks = chunks_of(*image, "public.big");
  EXPECT_GT(chunks.size(), 6U);
  const ParkedName name = materialise(*image);
  const std::string sums = "SELECT id, md5(x), md5(y) FROM big ORDER BY id";
  EXPECT_EQ(run_in(name, sums), run(sums));
}

TEST_F(PostgresqlRows, GeneratedAndIdentityColumnsComeBack) {
  run("CREATE TABLE g(a integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
      "doubled integer GENERATED ALWAYS AS (b * 2) STORED, b integer, "
      "c integer GENERATED BY DEFAULT AS IDENTITY (START -100 INCREMENT -5)); "
      "INSERT INTO g(b) VALUES (1), (2), (3); DELETE FROM g WHERE b = 2; "
      "ALTER TABLE g DROP COLUMN b CASCADE; ALTER TABLE g ADD COLUMN b2 text DEFAULT 'x'");
  const ParkedName name = expect_round_trip();
  EXPECT_EQ(run_in(name, "INSERT INTO g DEFAULT VALUES RETURNING a, c"),
            run("INSERT INTO g DEFAULT VALUES RETURNING a, c"));
}

TEST_F(PostgresqlRows, SequencesGoOnWhereTheyWere) {
  run("CREATE SEQUENCE unused START 5; CREATE SEQUENCE used MINVALUE -10 MAXVALUE 10 INCREMENT -1 "
      "START 3; "
      "SELECT nextval('used'), nextval('used'); CREATE SEQUENCE \"odd 'name\"; "
      "SELECT setval('\"odd ''name\"', 77, false); CREATE SEQUENCE small AS smallint MAXVALUE 7 "
      "CYCLE;"
      "SELECT setval('small', 7)");
  const ParkedName name = expect_round_trip();
  for (const char* sql : {"SELECT nextval('unused')", "SELECT nextval('used')",
                          "SELECT nextval('\"odd ''name\"')", "SELECT nextval('small')"}) {
    EXPECT_EQ(run_in(name, sql), run(sql)) << sql;
  }
}

TEST_F(PostgresqlRows, NulIsRefused) {
  run("CREATE TABLE t(id integer PRIMARY KEY, x text); INSERT INTO t VALUES (1, 'abc')");
  const auto image = seal();
  for (const auto& part : image->parts()) {
    if (part->info.header.name == "rows/public.t") part->chunks[0][3] = std::byte{0};
  }
  EXPECT_EQ(error_of([&] { materialise(*image); }).kind(), ErrorKind::corrupt);
  EXPECT_THAT(parked_databases(), IsEmpty());
}

TEST_F(PostgresqlRows, RowsAreInTheOrderOfTheirKey) {
  run("CREATE TABLE t(x text, a integer, b integer, PRIMARY KEY (b, a)); "
      "INSERT INTO t VALUES ('1', 2, 2), ('2', 1, 2), ('3', 9, 1)");
  EXPECT_EQ(text_of(*seal(), "rows/public.t"), "3\t9\t1\n2\t1\t2\n1\t2\t2\n");
}

TEST_F(PostgresqlRows, AKeyIsAUniqueIndexThatCannotMissARow) {
  run("CREATE TABLE a(x integer NOT NULL, y integer NOT NULL, z integer, UNIQUE (x, y), UNIQUE "
      "(z));"
      "CREATE TABLE b(x integer NOT NULL); CREATE UNIQUE INDEX ON b(x) WHERE x > 0;"
      "CREATE TABLE c(x integer NOT NULL); CREATE UNIQUE INDEX ON c((x + 1));"
      "CREATE TABLE d(x integer NOT NULL, y integer NOT NULL); CREATE UNIQUE INDEX ON d(x) INCLUDE "
      "(y);");
  const auto pin = Pin::open(Server(spec_, context_), "app", Content::all);
  const std::vector<Table> tables = read_tables(pin->leader());
  ASSERT_THAT(tables, SizeIs(4));
  EXPECT_THAT(tables[0].shape.key, ElementsAre("x", "y"));
  EXPECT_THAT(tables[1].shape.key, IsEmpty());
  EXPECT_THAT(tables[2].shape.key, IsEmpty());
  EXPECT_THAT(tables[3].shape.key, ElementsAre("x"));
}

/// The chunks of a table when it is read in so many ranges.
std::vector<std::vector<std::byte>> chunks_in_ranges(Pin& pin, const Table& table,
                                                     std::size_t count, std::size_t* ranges) {
  MemoryImage image;
  image.header({});
  std::vector<std::size_t> key;
  for (const std::string& column : table.shape.key) {
    const auto found = std::ranges::find(table.shape.columns, column);
    key.push_back(static_cast<std::size_t>(found - table.shape.columns.begin()));
  }
  const auto split = split_by_key(pin.leader(), table, count);
  *ranges = split.size();
  for (std::size_t i = 0; i < split.size(); ++i) {
    TallySink sink(image.section(rows_header(table.shape, i + 1)), no_progress());
    RowChunker chunker(sink, key);
    pin.leader().copy_out(copy_statement(table.shape, split[i]), [&](std::span<const char> row) {
      chunker.row({row.data(), row.size()});
    });
    chunker.finish();
    sink.finish();
  }
  return chunks_of(image, "public." + table.shape.name);
}

TEST_F(PostgresqlRows, RangesLeaveNoTraceInTheChunks) {
  run("CREATE TABLE by_number(id bigint PRIMARY KEY, x text); "
      "INSERT INTO by_number SELECT g * 3, md5(g::text) FROM generate_series(-50000, 70000) g;"
      "CREATE TABLE by_text(x text COLLATE \"C.utf8\", y integer, z integer, PRIMARY KEY (y, x)); "
      "INSERT INTO by_text SELECT md5(g::text) || E'\\t\\\\ \\n''', g % 500, g "
      "FROM generate_series(1, 120000) g; "
      "CREATE TABLE by_uuid(z text, id uuid PRIMARY KEY); "
      "INSERT INTO by_uuid SELECT repeat('z', g % 90), md5(g::text)::uuid "
      "FROM generate_series(1, 120000) g");
  const auto pin = Pin::open(Server(spec_, context_), "app", Content::all);
  for (const Table& table : read_tables(pin->leader())) {
    ASSERT_TRUE(table.ranges) << table.shape.name;
    std::size_t ranges = 0;
    const auto whole = chunks_in_ranges(*pin, table, 1, &ranges);
    EXPECT_GT(whole.size(), 20U);
    std::size_t most = 0;
    for (const std::size_t count : {2U, 5U}) {
      EXPECT_EQ(chunks_in_ranges(*pin, table, count, &ranges), whole) << table.shape.name;
      most = std::max(most, ranges);
    }
    EXPECT_GT(most, 1U) << table.shape.name;
  }
}

/// No row may be in no range, whatever a catalogue says of its key.
TEST_F(PostgresqlRows, RangesLeaveOutNoRow) {
  run("CREATE TABLE t(id integer UNIQUE, x text); INSERT INTO t "
      "SELECT nullif(g % 3000, 0), md5(g::text) FROM generate_series(1, 3001) g WHERE g <> 3001");
  const auto pin = Pin::open(Server(spec_, context_), "app", Content::all);
  TableShape table = read_tables(pin->leader()).at(0).shape;
  ASSERT_THAT(table.key, IsEmpty());
  table.key = {"id"};
  std::size_t rows = 0;
  for (const KeyRange& range :
       {KeyRange{.after = {}, .last = {"1000"}}, KeyRange{.after = {"1000"}, .last = {"2000"}},
        KeyRange{.after = {"2000"}, .last = {}, .with_nulls = true}}) {
    pin->leader().copy_out(copy_statement(table, range), [&](std::span<const char>) { ++rows; });
  }
  EXPECT_EQ(rows, 3000U);
}

TEST_F(PostgresqlRows, AKeyIsNotOfAColumnThatHasNullsStill) {
  if (Server(spec_, context_).connect("app").major() < 18) GTEST_SKIP() << "all are validated";
  run("CREATE TABLE t(k integer UNIQUE, x text); INSERT INTO t VALUES (NULL, 'kept'), (1, 'too'); "
      "ALTER TABLE t ADD CONSTRAINT later NOT NULL k NOT VALID");
  const auto pin = Pin::open(Server(spec_, context_), "app", Content::all);
  EXPECT_THAT(read_tables(pin->leader()).at(0).shape.key, IsEmpty());
  expect_round_trip();
}

/// By OIDs, which are others in another database.
TEST_F(PostgresqlRows, WhatIsHashedByAnEnumComesBack) {
  run("CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'); "
      "CREATE TABLE hashed(id integer, m mood, n integer, PRIMARY KEY (id, m)) "
      "  PARTITION BY HASH (m); "
      "CREATE TABLE deep(id integer, m mood) PARTITION BY RANGE (id); "
      "CREATE TABLE low PARTITION OF deep FOR VALUES FROM (0) TO (100) PARTITION BY HASH (m); "
      "CREATE TABLE high PARTITION OF deep FOR VALUES FROM (100) TO (1000); "
      "CREATE TABLE low_0 PARTITION OF low FOR VALUES WITH (MODULUS 2, REMAINDER 0); "
      "CREATE TABLE low_1 PARTITION OF low FOR VALUES WITH (MODULUS 2, REMAINDER 1) "
      "  PARTITION BY LIST (m); "
      "CREATE TABLE low_1_all PARTITION OF low_1 DEFAULT");
  run("DO $$BEGIN FOR i IN 0..3 LOOP EXECUTE format('CREATE TABLE hashed_%s PARTITION OF hashed "
      "FOR VALUES WITH (MODULUS 4, REMAINDER %s)', i, i); END LOOP; END$$");
  run("INSERT INTO hashed SELECT g, m, g FROM generate_series(1, 200) g, "
      "unnest(enum_range(NULL::mood)) m; "
      "INSERT INTO deep SELECT g, m FROM generate_series(1, 200) g, "
      "unnest(enum_range(NULL::mood)) m");
  const ParkedName name = materialise(*seal());
  for (const char* sql :
       {"SELECT * FROM hashed ORDER BY id, m", "SELECT * FROM deep ORDER BY id, m",
        "SELECT count(*), sum(id) FROM high"}) {
    EXPECT_EQ(run_in(name, sql), run(sql)) << sql;
  }
}

TEST_F(PostgresqlRows, SettingsOfARoleOrDatabaseDoNotChangeWhatRowsMean) {
  admin("ALTER ROLE app SET array_nulls = off");
  const std::string locale = std::string(
      trim(admin("SELECT coalesce((SELECT collname FROM pg_collation WHERE collprovider = 'c' "
                 "AND collname ~ '^(de|fr|nl|en_DK)' AND collname ~ 'utf8' LIMIT 1), 'C')")));
  admin("ALTER DATABASE app SET lc_monetary = '" + locale + "'");
  run("CREATE TABLE t(id integer PRIMARY KEY, a text[], m money); SET array_nulls = on; "
      "INSERT INTO t VALUES (1, '{NULL,\"NULL\"}', 1234.56), (2, '{}', -0.05)");
  const ParkedName name = materialise(*seal());
  const std::string sql =
      "SELECT id, array_position(a, NULL), array_position(a, 'NULL'), m::numeric FROM t ORDER BY "
      "id";
  EXPECT_EQ(run_in(name, sql), run(sql));
  admin("ALTER ROLE app RESET array_nulls");
}

TEST_F(PostgresqlRows, LargeObjectsComeBack) {
  run("SELECT lo_from_bytea(1001, 'small'), lo_from_bytea(1002, ''), "
      "lo_from_bytea(1003, decode(repeat('00ff5c0a', 65536 * 3), 'hex')), "
      "lo_from_bytea(1004, decode(repeat('ab', 65536), 'hex')); "
      "SELECT lo_put(1004, 300000, 'behind a hole'); COMMENT ON LARGE OBJECT 1001 IS 'x'");
  const ParkedName name = expect_round_trip();
  const std::string sums = "SELECT oid, md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY oid";
  EXPECT_EQ(run_in(name, sums), run(sums));
}

}  // namespace
}  // namespace quemsi::postgresql_engine::test
