// SQLite as somebody else uses it: through the `sqlite3` shell, in its own process.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "engine/quirks.hpp"
#include "util/fd.hpp"

namespace quemsi::test {

/// Runs SQL (and dot commands); throws std::runtime_error with the shell's message.
std::string sqlite_shell(const std::filesystem::path& file, const std::string& sql);
std::string sqlite_dump(const std::filesystem::path& file);

class SqliteShell final : public Application {
 public:
  explicit SqliteShell(const std::filesystem::path& file);
  ~SqliteShell() override;
  SqliteShell(const SqliteShell&) = delete;
  SqliteShell& operator=(const SqliteShell&) = delete;

  std::string run(const std::string& sql) override;
  void kill() override;
  [[nodiscard]] std::string process_name() const override;
  /// Ends in order, which closes the database.
  void close();

 private:
  pid_t pid_ = -1;
  Fd in_;
  Fd out_;
};

}  // namespace quemsi::test
