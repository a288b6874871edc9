// Renaming tables that others use.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/mysql/holders.hpp"

namespace quemsi::mysql_engine {

struct Rename {
  std::string from_schema;
  std::string from;
  std::string to_schema;
  std::string to;
};
using Renames = std::vector<Rename>;
Renames reversed(const Renames& renames);

enum class LockKind { read, write };

/// Keeps a statement waiting at its very last lock, so that one may look while nobody can write.
///
/// The server takes a statement's locks in order of the tables' names. The gates are two tables
/// that sort behind all others of the schema, and are renamed along; a third session holds the
/// second one. Once the first is locked, all of the schema is.
struct Gate {
  std::string schema;
  std::string first;
  std::string second;
  Connection* keeper;
  /// Called once nobody but us can get at the schema's tables; false: nothing must be renamed.
  std::function<bool()> may_pass;
};

/// Two sessions: one that is kept waiting, and one that looks after it meanwhile. Both outlive it.
class Renamer {
 public:
  Renamer(Connection& worker, Connection& control, WayClearer& way)
      : worker_(worker), control_(control), way_(way) {}

  /// All or none, in one statement. Throws Error(busy) when others are in the way for too long.
  /// When the connection is lost it may have happened or not.
  void rename(const Renames& renames) { rename(renames, nullptr); }
  /// False when the gate was not to be passed; nothing is renamed then.
  bool rename_through(const Renames& renames, const Gate& gate) { return rename(renames, &gate); }
  /// Until unlock(), as LOCK TABLES. Waits, and throws, as rename() does.
  void lock(const std::vector<std::string>& tables, LockKind kind);
  void unlock() { worker_.execute("UNLOCK TABLES"); }

  [[nodiscard]] Connection& worker() const noexcept { return worker_; }
  [[nodiscard]] Connection& control() const noexcept { return control_; }

 private:
  bool rename(const Renames& renames, const Gate* gate);
  bool wait_at(const Gate& gate);
  bool is_at(const Gate& gate);
  void wait_for_locks();
  [[nodiscard]] bool is_waiting();
  /// Ends the statement; false when it had been done before.
  bool abandon();

  Connection& worker_;
  Connection& control_;
  WayClearer& way_;
};

}  // namespace quemsi::mysql_engine
