// What a database holds, as SQLite's own command-line client sees it.
#pragma once

#include <filesystem>
#include <string>

namespace quemsi::test {

/// Runs `sql` with sqlite3(1); its output. Throws std::runtime_error when it fails.
std::string sqlite(const std::filesystem::path& file, const std::string& sql);

/// Schema and rows as SQL, and what `.dump` leaves out.
std::string dump(const std::filesystem::path& file);

/// The same. Throws std::runtime_error when the file is damaged.
std::string sound_dump(const std::filesystem::path& file);

/// "ok" for a sound file.
std::string integrity(const std::filesystem::path& file);

}  // namespace quemsi::test
