#pragma once

#include <filesystem>

#include "quemsi/image.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::sqlite_engine {

/// The layout below. A reader refuses others.
inline constexpr const char* image_format = "1";
inline constexpr const char* pages_section = "pages";
inline constexpr std::size_t chunk_bytes = std::size_t{64} << 10;

/// Streams a database file that nobody writes to: one section `pages`, its pages
/// in order, cut every 64 KiB of the file, so that an equal stretch of two
/// databases is an equal chunk. Attributes: page_size, page_count (0 and 0 for an
/// empty file), encoding, journal_mode (wal or delete), sqlite_version.
void write_image(const std::filesystem::path& file, ImageSink& sink, Progress& progress);

}  // namespace quemsi::sqlite_engine
