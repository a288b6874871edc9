// An application that has its database open while git-quemsi works: a process
// of its own, as SQLite's locks and the kernel's leases count processes.
#pragma once

#include <filesystem>
#include <string>

#include "support/command.hpp"

namespace quemsi::test {

class Application {
 public:
  explicit Application(const std::filesystem::path& database);

  /// Runs SQL on its one connection; the rows, a line each, values joined by '|'.
  /// Throws std::runtime_error with SQLite's message.
  std::string sql(const std::string& text);
  /// Sends it without waiting for the answer, which answer() reads.
  void start_sql(const std::string& text);
  std::string answer();

 private:
  RunningCommand process_;
};

}  // namespace quemsi::test
