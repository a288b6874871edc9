#include "engine/sqlite/image_writer.hpp"

#include <fcntl.h>
#include <sqlite3.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/sqlite/pages.hpp"
#include "util/fd.hpp"

namespace quemsi::sqlite_engine {
namespace {

ImageHeader header_of(const PageLayout& layout) {
  return {.engine = "sqlite",
          .engine_format = image_format,
          .attributes = {{"page_size", std::to_string(layout.page_size)},
                         {"page_count", std::to_string(layout.page_count)},
                         {"encoding", layout.encoding},
                         {"journal_mode", layout.wal ? "wal" : "delete"},
                         {"sqlite_version", sqlite3_libversion()}}};
}

}  // namespace

void write_image(const std::filesystem::path& file, ImageSink& sink, Progress& progress) {
  const Fd fd = open_file(file, O_RDONLY);
  const PageLayout layout = read_layout(fd, file);
  progress.begin("reading " + file.filename().string(), layout.bytes());
  sink.header(header_of(layout));
  const auto section = sink.section({.name = pages_section, .attributes = {}});
  std::vector<std::byte> buffer(chunk_bytes);
  for (std::uint64_t offset = 0; offset < layout.bytes(); offset += chunk_bytes) {
    progress.check_cancelled();
    const auto chunk = std::span(buffer).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(chunk_bytes, layout.bytes() - offset)));
    read_exact_at(fd, chunk, offset, file);
    blank_lock_page(chunk, offset, layout.page_size);
    section->chunk(chunk, 0, {});
    progress.advance(chunk.size());
  }
  section->finish();
  progress.end();
}

}  // namespace quemsi::sqlite_engine
