#include "engine/postgresql/image_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <numeric>

#include "engine/common/chunker.hpp"
#include "engine/common/crew.hpp"
#include "engine/postgresql/header.hpp"
#include "engine/postgresql/large_object_script.hpp"
#include "engine/postgresql/large_objects.hpp"
#include "engine/postgresql/ranges.hpp"

namespace quemsi::postgresql_engine {
namespace {

/// A table is read in ranges of about this size.
constexpr std::uint64_t range_bytes = std::uint64_t{64} << 20;
constexpr std::uint64_t most_ranges = 32;

struct Section {
  std::string name;
  TallySink sink;
};

struct RowsTask {
  const Table* table;
  KeyRange range;
  std::uint64_t bytes;
  Section* section;
};

std::vector<std::size_t> key_positions(const TableShape& table) {
  std::vector<std::size_t> positions;
  for (const std::string& column : table.key) {
    const auto found = std::ranges::find(table.columns, column);
    positions.push_back(static_cast<std::size_t>(found - table.columns.begin()));
  }
  return positions;
}

void copy_rows(Connection& connection, const RowsTask& task) {
  RowChunker chunker(task.section->sink, key_positions(task.table->shape));
  connection.copy_out(copy_statement(task.table->shape, task.range),
                      [&](std::span<const char> row) {
                        chunker.row({row.data(), row.size()});
                      });
  chunker.finish();
  task.section->sink.finish();
}

class Writer {
 public:
  Writer(Pin& pin, ImageSink& sink, Progress& progress) : pin_(pin), sink_(sink), crew_(progress) {}

  void run() {
    const bool rows = pin_.content() == Content::all;
    if (rows) tables_ = read_tables(pin_.leader());
    const auto sum = [](std::uint64_t bytes, const Table& table) { return bytes + table.bytes; };
    progress().begin("reading " + pin_.leader().database(),
                     std::accumulate(tables_.begin(), tables_.end(), std::uint64_t{0}, sum));
    sink_.header(read_header(pin_.leader(), pin_.content()));
    // Sections are listed in the order in which they are opened; they are filled in any.
    Section& pre_data = open({.name = pre_data_section, .attributes = {}});
    if (rows) write_data();
    Section& post_data = open({.name = post_data_section, .attributes = {}});
    SplitScript script = pin_.schema();
    if (rows) add_large_objects(pin_.leader(), script);
    fill(pre_data, script_text(script.pre_data));
    fill(post_data, script_text(script.post_data));
    write_summary();
    progress().end();
  }

 private:
  Progress& progress() { return crew_.progress(); }

  Section& open(const SectionHeader& header) {
    sections_.push_back({header.name, TallySink(sink_.section(header), progress())});
    return sections_.back();
  }

  static void fill(Section& section, std::string_view text) {
    write_text(section.sink, text);
    section.sink.finish();
  }

  void write_data() {
    plan_rows();
    write_rows();
    fill(open({.name = sequences_section, .attributes = {}}), sequences_text(pin_.sequences()));
    Section& large_objects = open({.name = large_objects_section, .attributes = {}});
    write_large_objects(pin_.leader(), large_objects.sink);
    large_objects.sink.finish();
  }

  void plan_rows() {
    for (const Table& table : tables_) {
      progress().check_cancelled();
      const auto count = std::min(most_ranges, table.bytes / range_bytes + 1);
      const auto ranges = split_by_key(pin_.leader(), table, count);
      for (std::size_t i = 0; i < ranges.size(); ++i) {
        Section& section = open(rows_header(table.shape, i + 1));
        tasks_.push_back({&table, ranges[i], table.bytes / ranges.size(), &section});
      }
    }
    std::ranges::stable_sort(tasks_, std::greater(), &RowsTask::bytes);
  }

  void write_rows() {
    std::atomic<std::size_t> next = 0;
    const auto work = [&](Connection& connection) {
      for (std::size_t i = next++; i < tasks_.size() && !crew_.stopped(); i = next++) {
        progress().check_cancelled();
        copy_rows(connection, tasks_[i]);
      }
    };
    std::vector<std::function<void()>> works{[&] { work(pin_.leader()); }};
    if (tasks_.size() > 1) works.emplace_back([&] { work(*pin_.helper()); });
    crew_.run(works);
    pin_.check_rows();
  }

  void write_summary() {
    Summary summary;
    for (const Section& section : sections_) {
      summary.emplace_back(section.name, section.sink.tally());
    }
    fill(open({.name = summary_section, .attributes = {}}), summary_text(summary));
  }

  Pin& pin_;
  ImageSink& sink_;
  Crew crew_;
  std::vector<Table> tables_;
  std::deque<Section> sections_;
  std::vector<RowsTask> tasks_;
};

}  // namespace

void write_image(Pin& pin, ImageSink& sink, Progress& progress) {
  Writer(pin, sink, progress).run();
}

}  // namespace quemsi::postgresql_engine
