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
  Writer(Pin& pin, ImageSink& sink, Progress& progress) : pin_(pin), sink_(sink), crew_(progress) {}

  void run() {
    const auto sum = [](std::uint64_t bytes, const Table& table) { return bytes + table.bytes; };
    const auto& tables = pin_.tables();
    progress().begin("reading " + pin_.schema(),
                     std::accumulate(tables.begin(), tables.end(), std::uint64_t{0}, sum));
    sink_.header(make_header(pin_.leader(), pin_.shape().facts, pin_.content()));
    fill(open({.name = schema_section, .attributes = {}}), schema_text());
    if (pin_.content() == Content::all) {
      write_rows();
      fill(open({.name = counters_section, .attributes = {}}),
           counters_text(pin_.definitions().counters));
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
    return objects_text(pin_.definitions().makes) + objects_text(live_form(pin_.shape().objects)) +
           objects_text(pin_.shape().triggers);
  }

  /// Sections are listed in the order in which they are opened; they are filled in any.
  void write_rows() {
    std::vector<RowsTask> tasks;
    for (const Table& table : pin_.tables()) {
      tasks.push_back({&table, &open(rows_header(table.shape))});
    }
    std::ranges::stable_sort(tasks, [](const RowsTask& a, const RowsTask& b) {
      return a.table->bytes > b.table->bytes;
    });
    std::atomic<std::size_t> next = 0;
    const auto work = [&](Connection& connection) {
      for (std::size_t i = next++; i < tasks.size() && !crew_.stopped(); i = next++) {
        progress().check_cancelled();
        read_rows(connection, pin_.schema(), *tasks[i].table, tasks[i].section->sink);
        tasks[i].section->sink.finish();
      }
    };
    std::vector<std::function<void()>> works{[&] { work(pin_.leader()); }};
    if (tasks.size() > 1 && pin_.helper() != nullptr) {
      works.emplace_back([&] { work(*pin_.helper()); });
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

  Pin& pin_;
  ImageSink& sink_;
  Crew crew_;
  std::deque<Section> sections_;
};

}  // namespace

void write_image(Pin& pin, ImageSink& sink, Progress& progress) {
  Writer(pin, sink, progress).run();
}

}  // namespace quemsi::mysql_engine
