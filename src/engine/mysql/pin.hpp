// Sessions that see one state of a schema for as long as they live.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/mysql/catalog.hpp"
#include "engine/mysql/read_lock.hpp"
#include "engine/mysql/server.hpp"
#include "engine/mysql/token.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::mysql_engine {

/// What is seen is held by a consistent snapshot, and by a metadata lock on every table, which lets
/// applications read and write but not alter. A second session sees the same when nothing has been
/// committed between the two snapshots. That the server's position tells, without any privilege;
/// where it does not, nothing can be committed under ReadLock, which is held for these two
/// statements only. Where that may not be had, there is no second session, and that is remembered
/// to be told. Tables that are not InnoDB's are read as they are.
class Pin {
 public:
  /// Throws Error(busy) when a table stays locked for `EngineContext::busy_timeout`.
  static std::unique_ptr<Pin> open(const Server& server, const std::string& schema,
                                   Content content);

  [[nodiscard]] const Captured& captured() const noexcept { return captured_; }
  [[nodiscard]] Content content() const noexcept { return content_; }
  [[nodiscard]] const std::string& schema() const noexcept { return schema_; }
  /// Complete, as in live; see kept.hpp.
  [[nodiscard]] const SchemaShape& shape() const noexcept { return shape_; }
  [[nodiscard]] const Definitions& definitions() const noexcept { return definitions_; }
  [[nodiscard]] const std::vector<Table>& tables() const noexcept { return tables_; }
  Connection& leader() noexcept { return leader_; }
  /// For a second thread; none when it could not be made to see the same.
  Connection* helper() noexcept { return helper_ ? &*helper_ : nullptr; }

 private:
  Pin(const Server& server, std::string schema, Content content);

  /// False when the schema changed meanwhile: to be tried again.
  bool try_hold(const Server& server);
  void prepare_proof(const Server& server);
  bool take_snapshots(const Server& server);
  bool take_at_one_position();
  bool take_under_lock(const Server& server);
  [[nodiscard]] bool gains_by_two() const;
  void remember_one_reader(const Server& server, LockOutcome why);
  void hold(Connection& connection, const Server& server);
  void tell_of_others(const Server& server);

  std::string schema_;
  Content content_;
  Connection leader_;
  std::optional<Connection> helper_;
  std::optional<Position> proof_;  ///< of exactly what is seen
  SchemaShape shape_;
  Definitions definitions_;
  std::vector<Table> tables_;
  Captured captured_;
};

}  // namespace quemsi::mysql_engine
