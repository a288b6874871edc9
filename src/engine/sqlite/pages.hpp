// The parts of SQLite's file format that we read ourselves. See
// https://www.sqlite.org/fileformat2.html
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "util/fd.hpp"

namespace quemsi::sqlite_engine {

/// What a database file's first 100 bytes say. An empty file is a database of no pages.
struct PageLayout {
  std::uint32_t page_size = 0;
  std::uint64_t page_count = 0;
  std::uint32_t schema_cookie = 0;
  std::string encoding;
  bool wal = false;

  [[nodiscard]] std::uint64_t bytes() const { return page_count * page_size; }
};

/// Throws Error(corrupt) when the file is no database or ends before its last page.
PageLayout read_layout(const Fd& fd, const std::filesystem::path& file);

bool is_page_size(std::uint64_t size);

/// SQLite locks bytes in the page at 1 GiB and never stores content in it: what
/// a file happens to hold there is blanked, so that equal databases have equal chunks.
/// `chunk` starts at `offset` of the file.
void blank_lock_page(std::span<std::byte> chunk, std::uint64_t offset, std::uint32_t page_size);

/// Sets what the backup API has set anew; nobody may have the file open.
void set_schema_cookie(const Fd& fd, const std::filesystem::path& file, std::int64_t cookie);

/// Blanks what every commit changes in the first page: its counters.
void blank_counters(std::span<std::byte> first_page);

}  // namespace quemsi::sqlite_engine
