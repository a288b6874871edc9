#include "sqlite/connection.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "quemsi/error.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::sqlite {
namespace {

constexpr std::chrono::milliseconds no_wait{0};

class ConnectionTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "a b.db"; }
  Connection open(Open mode = Open::create) const { return {file(), mode, no_wait}; }

  template <class Work>
  static ErrorKind kind_thrown_by(Work work) {
    try {
      work();
    } catch (const Error& error) {
      return error.kind();
    }
    ADD_FAILURE() << "nothing was thrown";
    return ErrorKind::internal;
  }

 private:
  test::TempDir folder_;
};

TEST_F(ConnectionTest, GivesBackWhatWasBound) {
  Connection connection = open();
  connection.execute("CREATE TABLE t (a, b, c, d)");
  const std::string text("quote ' newline \n nul \0 é", 25);
  const std::string bytes("\0\xff", 2);
  connection.prepare("INSERT INTO t VALUES (?, ?, ?, ?)")
      .bind(std::int64_t{-5})
      .bind(text)
      .bind(std::as_bytes(std::span(bytes)))
      .bind(std::nullopt)
      .run();
  Statement row = connection.prepare("SELECT * FROM t");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.column_int(0), -5);
  EXPECT_EQ(row.column_text(1), text);
  ASSERT_EQ(row.column_blob(2).size(), 2U);
  EXPECT_EQ(row.column_blob(2)[1], std::byte{0xff});
  EXPECT_TRUE(row.column_is_null(3));
  EXPECT_FALSE(row.step());
}

TEST_F(ConnectionTest, KeepsAnEmptyBlobApartFromNull) {
  Connection connection = open();
  Statement row = connection.prepare("SELECT ?, ?");
  row.bind(std::span<const std::byte>()).bind(std::optional<std::string>());
  ASSERT_TRUE(row.step());
  EXPECT_FALSE(row.column_is_null(0));
  EXPECT_TRUE(row.column_is_null(1));
}

TEST_F(ConnectionTest, RollsBackUnlessCommitted) {
  Connection connection = open();
  connection.execute("CREATE TABLE t (a)");
  {
    const Transaction transaction(connection, Begin::immediate);
    connection.execute("INSERT INTO t VALUES (1)");
  }
  EXPECT_EQ(connection.query_int("SELECT count(*) FROM t"), 0);
  Transaction transaction(connection, Begin::immediate);
  connection.execute("INSERT INTO t VALUES (1)");
  transaction.commit();
  EXPECT_EQ(connection.query_int("SELECT count(*) FROM t"), 1);
}

TEST_F(ConnectionTest, CallsALockedDatabaseBusy) {
  Connection holder = open();
  holder.execute("CREATE TABLE t (a)");
  const Transaction held(holder, Begin::exclusive);
  Connection other = open();
  EXPECT_EQ(kind_thrown_by([&] { other.execute("INSERT INTO t VALUES (1)"); }), ErrorKind::busy);
}

TEST_F(ConnectionTest, CallsAFileThatIsNotSqliteCorrupt) {
  std::ofstream(file()) << std::string(4096, 'x');
  Connection connection = open(Open::read_write);
  EXPECT_EQ(kind_thrown_by([&] { connection.execute("SELECT count(*) FROM sqlite_schema"); }),
            ErrorKind::corrupt);
}

TEST_F(ConnectionTest, CallsAMissingFileAnIoErrorThatNamesIt) {
  try {
    open(Open::read_write);
    FAIL() << "a missing file was opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    EXPECT_NE(std::string(error.what()).find("a b.db"), std::string::npos);
  }
}

TEST_F(ConnectionTest, CallsAMistakeInSqlAnEngineError) {
  Connection connection = open();
  EXPECT_EQ(kind_thrown_by([&] { connection.execute("SELEC"); }), ErrorKind::engine);
}

TEST_F(ConnectionTest, QuotesIdentifiers) {
  Connection connection = open();
  const std::string name = "a \"b\" 'c' é";
  connection.execute("CREATE TABLE " + quote_identifier(name) + " (x)");
  EXPECT_EQ(connection.query_text("SELECT name FROM sqlite_schema"), name);
}

}  // namespace
}  // namespace quemsi::sqlite
