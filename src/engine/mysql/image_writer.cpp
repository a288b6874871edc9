#include "engine/mysql/image_writer.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <numeric>

#include "engine/common/crew.hpp"
#include "engine/mysql/header.hpp"
#include "engine/mysql/rows_reader.hpp"

namespace quemsi::mysql_engine {
namespace {

struct Section {
  std::string name;
  TallySink sink;
};

struct RowsTask {
  const Table* table;
  Section* section;
};

class Writer {
 public:
  Writer(const Sight& sight, ImageSink& sink, Progress& progress)
      : sight_(sight), sink_(sink), crew_(progress) {}

  void run() {
    const auto sum = [](std::uint64_t bytes, const Table& table) { return bytes + table.bytes; };
    const auto& tables = sight_.tables;
    progress().begin("reading " + sight_.schema,
                     std::accumulate(tables.begin(), tables.end(), std::uint64_t{0}, sum));
    sink_.header(make_header(sight_.leader, sight_.shape.facts, sight_.content));
    fill(open({.name = schema_section, .attributes = {}}), schema_text());
    if (sight_.content == Content::all) {
      write_rows();
      fill(open({.name = counters_section, .attributes = {}}),
           counters_text(sight_.definitions.counters));
    }
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

  [[nodiscard]] std::string schema_text() const {
    return objects_text(sight_.definitions.makes) + objects_text(sight_.shape.objects) +
           objects_text(sight_.shape.triggers);
  }

  /// Sections are listed in the order in which they are opened; they are filled in any.
  void write_rows() {
    std::vector<RowsTask> tasks;
    for (const Table& table : sight_.tables) {
      tasks.push_back({&table, &open(rows_header(table.shape))});
    }
    std::ranges::stable_sort(tasks, [](const RowsTask& a, const RowsTask& b) {
      return a.table->bytes > b.table->bytes;
    });
    std::atomic<std::size_t> next = 0;
    const auto work = [&](Connection& connection) {
      for (std::size_t i = next++; i < tasks.size() && !crew_.stopped(); i = next++) {
        progress().check_cancelled();
        read_rows(connection, sight_.schema, *tasks[i].table, tasks[i].section->sink);
        tasks[i].section->sink.finish();
      }
    };
    std::vector<std::function<void()>> works{[&] { work(sight_.leader); }};
    if (tasks.size() > 1 && sight_.helper != nullptr) {
      works.emplace_back([&] { work(*sight_.helper); });
    }
    crew_.run(works);
  }

  void write_summary() {
    Summary summary;
    for (const Section& section : sections_) {
      summary.emplace_back(section.name, section.sink.tally());
    }
    fill(open({.name = summary_section, .attributes = {}}), summary_text(summary));
  }

  const Sight& sight_;
  ImageSink& sink_;
  Crew crew_;
  std::deque<Section> sections_;
};

}  // namespace

void write_image(const Sight& sight, ImageSink& sink, Progress& progress) {
  Writer(sight, sink, progress).run();
}

void write_image(Pin& pin, ImageSink& sink, Progress& progress) {
  write_image({.schema = pin.schema(),
               .content = pin.content(),
               .shape = pin.shape(),
               .definitions = pin.definitions(),
               .tables = pin.tables(),
               .leader = pin.leader(),
               .helper = pin.helper()},
              sink, progress);
}

}  // namespace quemsi::mysql_engine
