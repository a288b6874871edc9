#include "engine/mysql/rows_loader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "engine/common/crew.hpp"
#include "engine/mysql/insert_rows.hpp"
#include "engine/mysql/rows_reader.hpp"
#include "engine/mysql/session.hpp"
#include "util/text.hpp"

namespace quemsi::mysql_engine {
namespace {

std::string load_statement(const std::string& schema, const TableShape& table) {
  std::vector<std::string> targets;
  std::vector<std::string> assignments;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string name = quote_identifier(table.columns[i]);
    if (needs_text(table.types[i])) {
      targets.push_back(fmt::format("@quemsi{}", i));
      assignments.push_back(fmt::format("{} = CONVERT(@quemsi{} USING utf8mb4)", name, i));
    } else {
      targets.push_back(name);
    }
  }
  std::string sql = fmt::format(
      "LOAD DATA LOCAL INFILE 'git-quemsi' INTO TABLE {} CHARACTER SET binary FIELDS TERMINATED BY "
      "'\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' ({})",
      qualified(schema, table.name), join(targets, ", "));
  if (!assignments.empty()) sql += " SET " + join(assignments, ", ");
  return sql;
}

/// Hands out a section's chunks as one stream.
class Chunks {
 public:
  Chunks(const ImageReader& image, std::size_t section, Progress& progress)
      : image_(image), section_(section), progress_(progress) {}

  std::size_t read(std::span<char> buffer) {
    if (at_ == bytes_.size() && !next()) return 0;
    const std::size_t count = std::min(buffer.size(), bytes_.size() - at_);
    std::memcpy(buffer.data(), bytes_.data() + at_, count);
    at_ += count;
    return count;
  }

  /// The next chunk whole; empty at the end.
  std::string_view take() {
    if (!next()) return {};
    at_ = bytes_.size();
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }
  [[nodiscard]] const Tally& tally() const { return tally_; }

 private:
  bool next() {
    if (chunk_ == image_.chunks(section_).size()) return false;
    progress_.check_cancelled();
    bytes_ = image_.chunk(section_, chunk_);
    tally_ += Tally::of_chunk(chunk_, bytes_, image_.chunks(section_)[chunk_].rows);
    progress_.advance(bytes_.size());
    ++chunk_;
    at_ = 0;
    return true;
  }

  const ImageReader& image_;
  std::size_t section_;
  Progress& progress_;
  std::vector<std::byte> bytes_;
  std::size_t at_ = 0;
  std::size_t chunk_ = 0;
  Tally tally_;
};

class Loader {
 public:
  Loader(const ImageReader& image, std::string schema, Progress& progress)
      : image_(image), schema_(std::move(schema)), crew_(progress) {}

  void add(RowsSection rows) { order_.push_back(std::move(rows)); }

  void run(std::vector<Connection>& sessions) {
    if (order_.empty()) return;
    tables_ = read_catalog(sessions.front(), schema_, entries());
    by_file_ = sessions.front().query("SELECT @@local_infile").str(0, 0) == "1";
    std::ranges::stable_sort(order_, [&](const RowsSection& a, const RowsSection& b) {
      return image_.tally(a.section).bytes > image_.tally(b.section).bytes;
    });
    std::vector<std::function<void()>> works;
    works.reserve(sessions.size());
    for (Connection& session : sessions) works.emplace_back([&] { work(session); });
    crew_.run(works);
  }

 private:
  [[nodiscard]] std::vector<TableEntry> entries() const {
    std::vector<TableEntry> entries;
    for (const RowsSection& rows : order_) {
      const TableKind kind = rows.table.history ? TableKind::versioned : TableKind::plain;
      entries.push_back({.name = rows.table.name, .kind = kind, .engine = {}});
    }
    return entries;
  }

  void work(Connection& session) {
    for (std::size_t i = next_++; i < order_.size() && !crew_.stopped(); i = next_++) {
      load(session, order_[i]);
    }
  }

  void load(Connection& session, const RowsSection& rows) {
    Chunks chunks(image_, rows.section, crew_.progress());
    const bool remarks =
        by_file_ ? load_file(session, rows, chunks) : insert(session, rows, chunks);
    image_.check(rows.section, chunks.tally());
    check_arrived(session, schema_, rows.table, chunks.tally().rows);
    if (remarks) read_back(session, rows);
  }

  bool load_file(Connection& session, const RowsSection& rows, Chunks& chunks) {
    session.load(load_statement(schema_, rows.table),
                 [&](std::span<char> buffer) { return chunks.read(buffer); });
    count(rows, session.affected(), chunks.tally().rows);
    return session.warnings() > 0;
  }

  bool insert(Connection& session, const RowsSection& rows, Chunks& chunks) {
    RowInserter inserter(session, schema_, rows.table);
    for (std::string_view text = chunks.take(); !text.empty(); text = chunks.take()) {
      inserter.add(text);
    }
    inserter.finish();
    count(rows, inserter.rows(), chunks.tally().rows);
    return inserter.remarks();
  }

  static void count(const RowsSection& rows, std::uint64_t arrived, std::uint64_t sent) {
    if (arrived == sent) return;
    bad_image(fmt::format("{} rows of {} arrived instead of {}", arrived, rows.table.name, sent));
  }

  /// A value that the server had to change is one that it may have lost.
  void read_back(Connection& session, const RowsSection& rows) {
    const auto table = std::ranges::find_if(
        tables_, [&](const Table& item) { return item.shape.name == rows.table.name; });
    if (table == tables_.end()) bad_image("there is no table " + rows.table.name);
    TallySink sink(std::make_unique<NullSection>(), no_progress());
    read_rows(session, schema_, *table, sink);
    image_.check(rows.section, sink.tally());
  }

  const ImageReader& image_;
  std::string schema_;
  Crew crew_;
  std::vector<Table> tables_;
  std::vector<RowsSection> order_;  ///< with the names that the tables have here
  std::atomic<std::size_t> next_ = 0;
  bool by_file_ = true;
};

}  // namespace

void load_rows(const ImageReader& image, const std::string& schema,
               std::vector<Connection>& sessions, Progress& progress) {
  Loader loader(image, schema, progress);
  for (const RowsSection& rows : image.rows()) loader.add(rows);
  loader.run(sessions);
}

void load_rows_as(const std::map<std::string, std::string>& names, const ImageReader& image,
                  const std::string& schema, std::vector<Connection>& sessions,
                  Progress& progress) {
  Loader loader(image, schema, progress);
  for (RowsSection rows : image.rows()) {
    const auto name = names.find(rows.table.name);
    if (name == names.end()) continue;
    rows.table.name = name->second;
    loader.add(std::move(rows));
  }
  loader.run(sessions);
}

}  // namespace quemsi::mysql_engine
