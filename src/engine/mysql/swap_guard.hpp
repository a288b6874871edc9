// An exchange of a schema that must not have changed.
//
// Between a look at the server's position and a RENAME TABLE somebody may write. A guard keeps
// everybody from live's tables, looks, and renames before it lets anybody go on. How that can be
// done differs: MariaDB renames nothing under LOCK TABLES, and MySQL moves its position whenever a
// table is made.
#pragma once

#include <memory>

#include "engine/mysql/rename.hpp"
#include "engine/mysql/swap_names.hpp"
#include "quemsi/ids.hpp"

namespace quemsi::mysql_engine {

class SwapGuard {
 public:
  /// Throws Error(busy) when nothing can be proven of live. Everything outlives the guard.
  static std::unique_ptr<SwapGuard> make(const Server& server, const SwapNames& names,
                                         Renamer& renamer, WayClearer& way, const Token& expected);
  SwapGuard() = default;
  virtual ~SwapGuard() = default;
  SwapGuard(const SwapGuard&) = delete;
  SwapGuard& operator=(const SwapGuard&) = delete;

  /// Before the exchange makes anything on the server. False when live has changed.
  virtual bool begin() = 0;
  /// Once it has made everything. False when live has changed: nothing is renamed then.
  virtual bool rename(const Renames& renames) = 0;
};

/// An empty table that is never written to and lasts as long as an exchange.
void make_helper(Connection& connection, const std::string& schema, const std::string& table);

}  // namespace quemsi::mysql_engine
