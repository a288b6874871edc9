#include "engine/postgresql/large_objects.hpp"

#include <fmt/format.h>

#include "engine/common/chunker.hpp"

namespace quemsi::postgresql_engine {
namespace {

constexpr std::int64_t piece = 65536;

std::int64_t size_of(Connection& connection, std::string_view object) {
  constexpr int for_reading = 0x40000;
  constexpr int from_end = 2;
  const Result opened = connection.query("SELECT lo_open($1::oid, $2::int)", object, for_reading);
  const Result size =
      connection.query("SELECT lo_lseek64($1::int, 0, $2::int)", opened.text(0, 0), from_end);
  connection.query("SELECT lo_close($1::int)", opened.text(0, 0));
  return size.int64(0, 0);
}

/// Takes what is written and keeps nothing.
class NullSink final : public SectionSink {
 public:
  void chunk(std::span<const std::byte> /*bytes*/, std::uint64_t /*rows*/,
             std::string_view /*first_key*/) override {}
  void finish() override {}
};

}  // namespace

void write_large_objects(Connection& connection, TallySink& sink) {
  RowChunker chunker(sink, {0, 1});
  const auto take = [&](std::span<const char> row) { chunker.row({row.data(), row.size()}); };
  connection.copy_out(
      fmt::format("COPY (SELECT oid, 0, lo_get(oid, 0, {}) FROM pg_largeobject_metadata "
                  "ORDER BY oid) TO STDOUT",
                  piece),
      take);
  const Result longer = connection.query(fmt::format(
      "SELECT oid FROM pg_largeobject_metadata WHERE lo_get(oid, {}, 1) <> '' ORDER BY oid",
      piece));
  for (int row = 0; row < longer.rows(); ++row) {
    connection.copy_out(
        fmt::format("COPY (SELECT {0}, start, lo_get({0}, start, {1}) "
                    "FROM generate_series({1}, {2}, {1}) start ORDER BY start) TO STDOUT",
                    longer.text(row, 0), piece, size_of(connection, longer.text(row, 0)) - 1),
        take);
  }
  chunker.finish();
}

Tally tally_large_objects(Connection& connection) {
  // They are read by descriptors, which a transaction's end closes.
  NestedTransaction transaction(connection);
  TallySink sink(std::make_unique<NullSink>(), no_progress());
  write_large_objects(connection, sink);
  transaction.commit();
  return sink.tally();
}

void load_large_objects(Connection& connection, std::span<const std::byte> rows) {
  NestedTransaction transaction(connection);
  connection.execute(
      "CREATE TEMPORARY TABLE quemsi_pieces (object oid, start bigint, bytes bytea)");
  CopyIn copy(connection, "COPY pg_temp.quemsi_pieces FROM STDIN");
  copy.put({reinterpret_cast<const char*>(rows.data()), rows.size()});
  copy.finish();
  connection.execute(
      "SELECT count(lo_create(object)) FROM (SELECT DISTINCT object FROM pg_temp.quemsi_pieces "
      "WHERE object NOT IN (SELECT oid FROM pg_largeobject_metadata)) missing");
  connection.execute("SELECT count(lo_put(object, start, bytes)) FROM pg_temp.quemsi_pieces");
  connection.execute("DROP TABLE pg_temp.quemsi_pieces");
  transaction.commit();
}

}  // namespace quemsi::postgresql_engine
