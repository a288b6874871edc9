#include "engine/sqlite/image_reader.hpp"

#include <fcntl.h>

#include <charconv>
#include <chrono>
#include <string>

#include "engine/sqlite/image_writer.hpp"
#include "engine/sqlite/pages.hpp"
#include "quemsi/error.hpp"
#include "sqlite/connection.hpp"
#include "util/fd.hpp"

namespace quemsi::sqlite_engine {
namespace {

[[noreturn]] void bad_image(const std::string& why) {
  throw Error(ErrorKind::corrupt, "the image of a SQLite database is damaged").cause(why);
}

std::uint64_t number(const ImageHeader& header, const char* key) {
  const auto found = header.attributes.find(key);
  if (found == header.attributes.end()) bad_image(std::string("no ") + key);
  const std::string& text = found->second;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    bad_image(std::string("bad ") + key);
  }
  return value;
}

void check_format(const ImageHeader& header) {
  if (header.engine != "sqlite") bad_image("it is of the engine " + header.engine);
  if (header.engine_format == image_format) return;
  throw Error(ErrorKind::unsupported, "the image was written by a newer release of git-quemsi")
      .cause("format " + header.engine_format + ", known up to " + image_format)
      .hint("install a newer git-quemsi");
}

struct Expected {
  std::uint64_t page_size;
  std::uint64_t page_count;
};

Expected expected_of(const ImageHeader& header) {
  const Expected expected{number(header, "page_size"), number(header, "page_count")};
  const bool none = expected.page_size == 0 && expected.page_count == 0;
  constexpr std::uint64_t most_pages = 0xffffffff;
  if (!none && (!is_page_size(expected.page_size) || expected.page_count > most_pages)) {
    bad_image("bad page size or count");
  }
  return expected;
}

std::uint64_t write_chunks(const ImageSource& image, const Fd& fd,
                           const std::filesystem::path& file, Progress& progress) {
  std::uint64_t written = 0;
  for (std::size_t i = 0; i < image.sections().front().chunks.size(); ++i) {
    progress.check_cancelled();
    const std::vector<std::byte> bytes = image.read(0, i);
    write_all(fd, bytes, file);
    written += bytes.size();
    progress.advance(bytes.size());
  }
  return written;
}

/// True for what quick_check says about rows that break a constraint: the live
/// database had them, and has a right to get them back.
bool is_about_rows(const std::string& finding) {
  return finding.starts_with("NULL value in ") || finding.starts_with("CHECK constraint failed") ||
         finding.find(" value in ") != std::string::npos;
}

/// The chunks were checked against their hashes, so the bytes are those of the
/// live database; what may still be wrong is how they were cut and put together.
/// quick_check finds that in one pass. integrity_check would compare indexes with
/// tables as well: it fails where the application's own functions and collations
/// are missing, and a mismatch would be the live database's own.
void check_structure(const std::filesystem::path& file) {
  sqlite::Connection connection(file, sqlite::Open::read_write, std::chrono::milliseconds(0));
  try {
    sqlite::Statement statement = connection.prepare("PRAGMA quick_check");
    while (statement.step()) {
      const std::string finding = statement.column_text(0);
      if (finding != "ok" && !is_about_rows(finding)) bad_image(finding);
    }
  } catch (const Error& error) {
    // A missing function or module of the application's.
    if (error.kind() != ErrorKind::engine) bad_image(error.what());
  }
}

}  // namespace

void read_image(const ImageSource& image, const std::filesystem::path& to, Progress& progress) {
  check_format(image.header());
  const Expected expected = expected_of(image.header());
  if (image.sections().size() != 1 || image.sections().front().header.name != pages_section) {
    bad_image("it has other sections than pages");
  }
  progress.begin("writing " + to.filename().string(), expected.page_count * expected.page_size);
  {
    const Fd fd = open_file(to, O_RDWR | O_CREAT | O_EXCL);
    const std::uint64_t written = write_chunks(image, fd, to, progress);
    const PageLayout layout = read_layout(fd, to);
    if (written != expected.page_count * expected.page_size ||
        layout.page_count != expected.page_count || layout.page_size != expected.page_size) {
      bad_image("its pages are not those of its header");
    }
    sync_file(fd, to);
  }
  if (expected.page_count > 0) check_structure(to);
  progress.end();
}

}  // namespace quemsi::sqlite_engine
