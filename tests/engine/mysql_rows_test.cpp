#include <algorithm>
#include <set>
#include <span>

#include "engine/common/summary.hpp"
#include "engine/mysql/row_text.hpp"
#include "engine/mysql_world.hpp"

namespace quemsi::mysql_engine::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

using Chunks = std::vector<std::vector<std::byte>>;

Chunks chunks_of(const MemoryImage& image, const std::string& section) {
  for (const auto& part : const_cast<MemoryImage&>(image).parts()) {
    if (part->info.header.name == section) return part->chunks;
  }
  return {};
}

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// By a text of the same length; the summary agrees.
void replace_in_schema(MemoryImage& image, const std::string& from, const std::string& to) {
  auto& schema = image.parts().front()->chunks.front();
  std::string text = text_of(schema);
  text.replace(text.find(from), from.size(), to);
  schema = bytes_of(text);
  auto& last = *image.parts().back();
  auto summary = parse_summary(text_of(last.chunks.front())).value();
  summary["schema"] = Tally::of_chunk(0, schema, 0);
  last.chunks.front() = bytes_of(summary_text(Summary(summary.begin(), summary.end())));
  last.info.chunks.front().bytes = last.chunks.front().size();
}

class MysqlRows : public MysqlWorld {};

TEST(MysqlRowText, EveryByteComesBack) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  const std::vector<std::optional<std::string_view>> fields{bytes, std::nullopt, "", "\\N", "a\tb"};
  std::string text;
  append_row(text, fields);
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
  text.pop_back();
  const auto parsed = parse_row(text);
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->size(), fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) EXPECT_EQ((*parsed)[i], fields[i]) << i;
  EXPECT_FALSE(parse_row("ends with \\"));
  EXPECT_FALSE(parse_row("unknown \\x"));
}

TEST_F(MysqlRows, AFewChangedRowsLeaveMostChunksAsTheyWere) {
  run("CREATE TABLE t(id INT PRIMARY KEY, text CHAR(200));"
      "INSERT INTO t SELECT seq, SHA2(seq, 256) FROM " +
      numbers_to(60000));
  const Chunks before = chunks_of(*seal(), "rows/t");
  run("UPDATE t SET text = 'changed' WHERE id IN (7, 20000); DELETE FROM t WHERE id = 30000;"
      "INSERT INTO t VALUES (-5, 'before all');");
  const Chunks after = chunks_of(*seal(), "rows/t");
  const std::set<std::vector<std::byte>> known(before.begin(), before.end());
  const auto shared = std::ranges::count_if(
      after, [&](const std::vector<std::byte>& chunk) { return known.contains(chunk); });
  EXPECT_GT(before.size(), 10U);
  EXPECT_GE(static_cast<std::size_t>(shared) + 8, after.size());
}

TEST_F(MysqlRows, RowsLargerThanAChunkComeBack) {
  run("CREATE TABLE t(id INT PRIMARY KEY, data LONGBLOB);"
      "INSERT INTO t VALUES (1, REPEAT(UNHEX('00FF0A5C09'), 1200000)), (2, 'small')");
  const std::string sums = run("SELECT id, SHA2(data, 256) FROM t");
  EXPECT_EQ(run_in(materialise(*seal()), "SELECT id, SHA2(data, 256) FROM t"), sums);
}

TEST_F(MysqlRows, ValuesThatDoNotFitAreNotTakenSilently) {
  run("CREATE TABLE t(id INT PRIMARY KEY, x VARCHAR(5)); INSERT INTO t VALUES (1, 'abcde');");
  const auto image = seal();
  replace_in_schema(*image, "varchar(5)", "varchar(3)");
  EXPECT_EQ(error_of([&] { materialise(*image); }).kind(), ErrorKind::corrupt);
  EXPECT_THAT(parked_schemas(), IsEmpty());
}

TEST_F(MysqlRows, EveryFloatComesBack) {
  run("CREATE TABLE t(id INT PRIMARY KEY, x FLOAT, y DOUBLE); INSERT INTO t VALUES (1, '-0', '-0'),"
      "(2, 0.1, 0.1), (3, 1e-45, 5e-324), (4, 3.4e38, 1e308), (5, -16777217, NULL)");
  const std::string all = "SELECT id, x, x * 1e0, y FROM t ORDER BY id";
  // MariaDB shows no sign of zero to anybody.
  EXPECT_THAT(run(all), HasSubstr(mysql() ? "1\t-0\t-0\t-0\n" : "1\t0\t0\t0\n"));
  EXPECT_EQ(run_in(materialise(*seal()), all), run(all));
}

TEST_F(MysqlRows, RowsOfComputedColumnsAloneComeBack) {
  std::string sql = "CREATE TABLE t(x INT AS (1) STORED); INSERT INTO t() VALUES ()";
  for (int i = 1; i < 2500; ++i) sql += ", ()";
  run(sql);
  const ParkedName built = materialise(*seal());
  EXPECT_EQ(run_in(built, "SELECT COUNT(*) FROM t"), "2500\n");
  const ParkedName clone = new_name();
  open().clone_parked(built, clone, no_progress());
  EXPECT_EQ(run_in(clone, "SELECT COUNT(*) FROM t"), "2500\n");
}

TEST_F(MysqlRows, NoEngineTakesTheMissingOnesPlace) {
  run("CREATE TABLE t(x INT)");
  const auto image = seal();
  replace_in_schema(*image, "ENGINE=InnoDB", "ENGINE=NoSuch");
  EXPECT_THAT(error_of([&] { materialise(*image); }).what(), HasSubstr("NoSuch"));
  EXPECT_THAT(parked_schemas(), IsEmpty());
}

TEST_F(MysqlRows, LoadingStopsWhenCancelledAndLeavesNothing) {
  class Cancelled : public Progress {
   public:
    void begin(std::string_view, std::uint64_t) override {}
    void advance(std::uint64_t) override {}
    void end() override {}
    void check_cancelled() override { throw Error(ErrorKind::cancelled, "stop"); }
  };
  run("CREATE TABLE t(id INT PRIMARY KEY); INSERT INTO t VALUES (1);");
  const auto image = seal();
  Cancelled progress;
  EXPECT_EQ(error_of([&] { open().materialise(*image, new_name(), progress); }).kind(),
            ErrorKind::cancelled);
  EXPECT_THAT(parked_schemas(), IsEmpty());
}

TEST_F(MysqlRows, TheServerCannotAskForAFile) {
  server_.admin("SET GLOBAL local_infile = ON");
  run("CREATE TABLE t(line TEXT)");
  Connection connection = server().connect();
  std::size_t calls = 0;
  connection.load("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE " + qualified(live_, "t"),
                  [&](std::span<char> buffer) -> std::size_t {
                    if (calls++ > 0) return 0;
                    buffer[0] = 'x';
                    buffer[1] = '\n';
                    return 2;
                  });
  EXPECT_EQ(run("SELECT * FROM t"), "x\n");
  const Error error = error_of([&] {
    connection.execute("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE " + qualified(live_, "t"));
  });
  EXPECT_THAT(error.what(), HasSubstr("no file is sent"));
  EXPECT_EQ(run("SELECT COUNT(*) FROM t"), "1\n");
}

}  // namespace
}  // namespace quemsi::mysql_engine::test
