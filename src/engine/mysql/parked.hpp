// Parked copies are schemas `quemsi_<id>` on the server; which of them are ours the registry says.
#pragma once

#include <string>
#include <vector>

#include "engine/common/parked_registry.hpp"
#include "engine/mysql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::mysql_engine {

/// A parked copy that is being made: marked as a draft, then created, and dropped again unless
/// kept.
class ParkedDraft {
 public:
  /// Throws Error(engine) when a schema of that name exists, whosoever it is.
  ParkedDraft(const Server& server, const ParkedRegistry& registry, Connection& connection,
              ParkedName name, const SchemaFacts& facts);
  ~ParkedDraft();
  ParkedDraft(const ParkedDraft&) = delete;
  ParkedDraft& operator=(const ParkedDraft&) = delete;

  [[nodiscard]] const std::string& schema() const noexcept { return name_.str(); }
  /// It is whole. Durable on return.
  void keep();

 private:
  /// From here on the destructor drops what has the name, however its creation ends: a server that
  /// could not tell may have made it.
  ParkedDraft(const Server& server, const ParkedRegistry& registry, Connection& connection,
              ParkedName name);
  /// What has the name is somebody else's.
  void give_up();

  const Server& server_;
  const ParkedRegistry& registry_;
  ParkedName name_;
  std::string identity_;
  bool kept_ = false;
};

std::vector<ParkedInfo> list_parked(const Server& server, const ParkedRegistry& registry);
/// Throws Error(engine) when there is no such copy of ours.
void check_parked(Connection& connection, const ParkedRegistry& registry, const ParkedName& name);
/// No error when there is none of that name that is ours.
void drop_parked(const Server& server, const ParkedRegistry& registry, const ParkedName& name);
void clone_parked(const Server& server, const ParkedRegistry& registry, const ParkedName& from,
                  const ParkedName& to, Progress& progress);
/// Removes all rows of a parked copy, and sets its counters back.
void empty_parked(const Server& server, const std::string& schema);

}  // namespace quemsi::mysql_engine
