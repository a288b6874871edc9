// Sessions that see one state of a database for as long as they live.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/postgresql/catalog.hpp"
#include "engine/postgresql/schema_dump.hpp"
#include "engine/postgresql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

/// What is seen is held by a transaction's snapshot and by locks on every table, which let
/// applications read and write. TRUNCATE and ALTER TABLE wait for them: a snapshot alone would not
/// keep those from changing what it sees. All that the reading will ever need is locked at once,
/// pg_dump included: who waits for our locks holds up whoever comes after.
class Pin {
 public:
  /// Throws Error(busy) when a table stays locked for `EngineContext::busy_timeout`.
  static std::unique_ptr<Pin> open(const Server& server, const std::string& database,
                                   Content content);

  [[nodiscard]] const Captured& captured() const noexcept { return captured_; }
  [[nodiscard]] Content content() const noexcept { return content_; }
  [[nodiscard]] const std::vector<SequenceValue>& sequences() const noexcept { return sequences_; }
  /// Waits for pg_dump. Throws Error(engine) when it may have seen some of a later schema.
  const SplitScript& schema();
  /// To be called once rows have been read. Throws Error(engine) when types that print them have
  /// changed meanwhile.
  void check_rows();
  Connection& leader() noexcept { return leader_; }
  /// For a second thread; none when there are no rows to read.
  Connection* helper() noexcept { return helper_ ? &*helper_ : nullptr; }

 private:
  Pin(const Server& server, const std::string& database, Content content);

  /// False when the tables changed meanwhile, or somebody waits to change one: to be tried again.
  bool try_hold(const Server& server);
  bool lock(const Server& server, const std::vector<Relation>& relations);
  bool open_helper(const Server& server, const std::string& snapshot,
                   const std::vector<Relation>& relations);
  bool wait_for_locks(const std::vector<Relation>& relations);
  bool wait_for_definitions();

  Content content_;
  ConnectInfo info_;
  /// Waited for after the sessions are closed: what it may be waiting for is then gone.
  std::optional<SchemaDump> dump_;
  Connection leader_;
  std::optional<Connection> helper_;
  std::optional<SplitScript> schema_;
  std::vector<SequenceValue> sequences_;
  Captured captured_;
};

}  // namespace quemsi::postgresql_engine
