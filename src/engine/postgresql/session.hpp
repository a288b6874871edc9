// A connection that builds a database.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/postgresql/connection.hpp"
#include "engine/postgresql/script.hpp"
#include "quemsi/progress.hpp"

namespace quemsi::postgresql_engine {

class BuildSession {
 public:
  /// Commits without waiting for the disk; uses memory for indexes.
  explicit BuildSession(Connection connection);

  Connection& connection() noexcept { return connection_; }
  /// One statement at a time, each in a transaction of its own, under the settings that the item
  /// asks for. Stops when cancelled; tries again what lost in a deadlock.
  /// What a restore can do without may be left out.
  void run(const ScriptItem& item, Progress& progress);
  /// What was left out because the role may not set it: lines for the user.
  [[nodiscard]] const std::vector<std::string>& left_out() const noexcept { return left_out_; }
  /// Waits until all that was committed is on the disk.
  void flush();

 private:
  void run_statements(const ScriptItem& item, Progress& progress);
  void try_statements(const ScriptItem& item, Progress& progress);
  void run_statement(const std::string& sql, Progress& progress);

  Connection connection_;
  std::map<std::string, std::string> settings_;
  std::vector<std::string> left_out_;
};

}  // namespace quemsi::postgresql_engine
