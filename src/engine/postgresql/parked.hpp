// Parked copies are databases `quemsi_<id>` on the server; which of them are ours the registry
// says.
#pragma once

#include <string>
#include <vector>

#include "engine/common/parked_registry.hpp"
#include "engine/postgresql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

/// A parked copy that is being made: marked as a draft, then created, and dropped again unless
/// kept.
class ParkedDraft {
 public:
  /// `options` is what follows the name in CREATE DATABASE. Throws Error(engine) when a database
  /// of that name exists, whosoever it is. `connection` is a maintenance connection.
  ParkedDraft(const Server& server, const ParkedRegistry& registry, Connection& connection,
              ParkedName name, const std::string& options, Progress& progress = no_progress());
  ~ParkedDraft();
  ParkedDraft(const ParkedDraft&) = delete;
  ParkedDraft& operator=(const ParkedDraft&) = delete;

  [[nodiscard]] const std::string& database() const noexcept { return name_.str(); }
  /// It is whole. Durable on return.
  void keep();

 private:
  /// From here on the destructor drops what has the name, however its creation ends.
  ParkedDraft(const Server& server, const ParkedRegistry& registry, Connection& connection,
              ParkedName name);
  /// What has the name is somebody else's.
  void give_up();

  const Server& server_;
  const ParkedRegistry& registry_;
  ParkedName name_;
  std::string identity_;
  std::string note_;
  bool kept_ = false;
};

std::vector<ParkedInfo> list_parked(const Server& server, const ParkedRegistry& registry);
/// Throws Error(engine) when there is no such copy of ours.
void check_parked(Connection& connection, const Server& server, const ParkedRegistry& registry,
                  const ParkedName& name);
/// Of a copy that was marked, and then perhaps not made.
void unmark_if_missing(Connection& connection, const ParkedRegistry& registry,
                       const ParkedName& name) noexcept;
/// No error when there is none of that name that is ours.
void drop_parked(const Server& server, const ParkedRegistry& registry, const ParkedName& name);
void clone_parked(const Server& server, const ParkedRegistry& registry, const ParkedName& from,
                  const ParkedName& to, Progress& progress);

}  // namespace quemsi::postgresql_engine
