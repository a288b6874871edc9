#include "engine/postgresql/rows_loader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "engine/common/crew.hpp"
#include "quemsi/error.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// What one COPY takes of a table whose rows may come in any order.
constexpr std::uint64_t portion_bytes = std::uint64_t{16} << 20;

struct Portion {
  const TableShape* table;
  std::size_t section;
  std::size_t first;  ///< chunk
  std::size_t last;   ///< one behind
  std::uint64_t bytes;
};

/// Rows without a key stay as they were stored: that is the order in which they are read again.
bool any_order(const TableShape& table) { return !table.key.empty() && table.condition.empty(); }

void add_portions(const ImageReader& image, const RowsSection& rows,
                  std::vector<Portion>& portions) {
  const auto& chunks = image.chunks(rows.section);
  Portion portion{&rows.table, rows.section, 0, 0, 0};
  for (const ChunkInfo& chunk : chunks) {
    // A chunk that counts no row goes on with the row before it.
    if (portion.bytes >= portion_bytes && chunk.rows > 0 && any_order(rows.table)) {
      portions.push_back(portion);
      portion.first = portion.last;
      portion.bytes = 0;
    }
    portion.bytes += chunk.bytes;
    ++portion.last;
  }
  if (portion.bytes > 0) portions.push_back(portion);
}

/// Which of a table's hash partitions a row belongs to may differ from database to database: an
/// enum's values are hashed by their OIDs. So these rows are sorted anew, by the topmost table that
/// hashes them.
std::map<std::string, std::string> read_hashing_tables(Connection& connection) {
  const Result rows = connection.query(R"(
    SELECT n.nspname, c.relname, h.nspname, h.relname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
    LATERAL (SELECT hn.nspname, hc.relname
             FROM pg_partition_ancestors(c.oid) WITH ORDINALITY AS a(oid, height)
             JOIN pg_partitioned_table p ON p.partrelid = a.oid AND p.partstrat = 'h'
             JOIN pg_class hc ON hc.oid = a.oid JOIN pg_namespace hn ON hn.oid = hc.relnamespace
             ORDER BY a.height DESC LIMIT 1) h
    WHERE c.relispartition AND c.relkind = 'r')");
  std::map<std::string, std::string> tables;
  for (int row = 0; row < rows.rows(); ++row) {
    tables[qualified(rows.text(row, 0), rows.text(row, 1))] =
        qualified(rows.text(row, 2), rows.text(row, 3));
  }
  return tables;
}

class Loader {
 public:
  Loader(const ImageReader& image, Progress& progress) : image_(image), crew_(progress) {}

  void run(std::vector<BuildSession>& sessions) {
    for (const RowsSection& rows : image_.rows()) {
      add_portions(image_, rows, portions_);
      loaded_[rows.section];
    }
    hashing_ = read_hashing_tables(sessions.front().connection());
    // Those that cannot be divided first: the rest then fills up both ends.
    std::ranges::stable_sort(portions_, std::greater(), &Portion::bytes);
    std::vector<std::function<void()>> works;
    works.reserve(sessions.size());
    for (BuildSession& session : sessions) works.emplace_back([&] { work(session); });
    crew_.run(works);
    for (const auto& [section, tally] : loaded_) image_.check(section, tally);
  }

 private:
  void work(BuildSession& session) {
    session.connection().execute("SET lc_monetary = 'C'");
    for (std::size_t i = next_++; i < portions_.size() && !crew_.stopped(); i = next_++) {
      load(session.connection(), portions_[i]);
    }
    session.connection().execute("RESET lc_monetary");
  }

  [[nodiscard]] std::string copy_in_statement(const TableShape& table) const {
    const std::string name = qualified(table.schema, table.name);
    const auto hashing = hashing_.find(name);
    const std::string columns = column_list(table.columns);
    return fmt::format("COPY {}{} FROM STDIN", hashing == hashing_.end() ? name : hashing->second,
                       columns.empty() ? "" : " (" + columns + ")");
  }

  void load(Connection& connection, const Portion& portion) {
    try {
      const Tally loaded = copy(connection, portion);
      const std::lock_guard lock(mutex_);
      loaded_[portion.section] += loaded;
    } catch (const Error& error) {
      check_values(error);
      throw;
    }
  }

  Tally copy(Connection& connection, const Portion& portion) {
    CopyIn copy(connection, copy_in_statement(*portion.table));
    Tally loaded;
    std::uint64_t rows = 0;
    for (std::size_t i = portion.first; i < portion.last; ++i) {
      crew_.progress().check_cancelled();
      const std::vector<std::byte> bytes = image_.chunk(portion.section, i);
      copy.put({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
      loaded += Tally::of_chunk(i, bytes, image_.chunks(portion.section)[i].rows);
      crew_.progress().advance(bytes.size());
    }
    rows = copy.finish();
    if (rows != loaded.rows) {
      bad_image(fmt::format("{} rows of {} arrived instead of {}", rows, portion.table->name,
                            loaded.rows));
    }
    return loaded;
  }

  const ImageReader& image_;
  Crew crew_;
  std::vector<Portion> portions_;
  std::map<std::string, std::string> hashing_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::map<std::size_t, Tally> loaded_;
};

}  // namespace

void load_rows(const ImageReader& image, std::vector<BuildSession>& sessions, Progress& progress) {
  Loader(image, progress).run(sessions);
}

}  // namespace quemsi::postgresql_engine
