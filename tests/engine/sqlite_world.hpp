// A folder with one SQLite database, ours and the application's side of it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/memory_image.hpp"
#include "engine/sqlite/database.hpp"
#include "engine/sqlite/files.hpp"
#include "engine/sqlite_client.hpp"
#include "support/error_of.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::sqlite_engine::test {

using quemsi::test::MemoryImage;
using quemsi::test::sqlite_dump;
using quemsi::test::sqlite_shell;
using quemsi::test::SqliteShell;
using quemsi::test::TempDir;

class SqliteWorld : public testing::Test {
 protected:
  SqliteWorld();

  /// Another database object for the same or another file.
  [[nodiscard]] SqliteDatabase open(const std::filesystem::path& file) const;
  /// `live` with journal mode, page size and some rows that say `label`.
  void make_live(const std::string& journal_mode = "delete", int page_size = 4096,
                 const std::string& label = "live");
  static void make_database(const std::filesystem::path& file, const std::string& journal_mode,
                            int page_size, const std::string& label);
  static ParkedName new_name() { return parked_name(new_image_id()); }
  ParkedName park();
  /// A parked copy made by the shell, of any kind.
  ParkedName park_database(const std::string& journal_mode, int page_size,
                           const std::string& label);
  [[nodiscard]] std::filesystem::path path_of(const ParkedName& name);
  std::optional<Token> swap(const ParkedName& incoming, const ParkedName& outgoing);
  static std::string labels(const std::filesystem::path& file);

  TempDir dir_;
  std::filesystem::path live_ = dir_.path() / "app data" / "live.db";
  EngineContext context_{.top = dir_.path(),
                         .state_dir = dir_.path() / "state",
                         .busy_timeout = std::chrono::milliseconds(300)};
  SqliteDatabase database_;
};

using quemsi::test::error_of;

}  // namespace quemsi::sqlite_engine::test
