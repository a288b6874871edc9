// Parked copies are databases `quemsi_<id>` on the server. Which of them are ours is what small
// files say, so that two repositories on one server never see each other's:
//
//   <state dir>/parked/<database>-<hash>/quemsi_<id>      holds the server's identity
//
// A marker is there before its database, and goes after it: one without a database means nothing.
// While the database is being filled it says `draft` as well.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/postgresql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

/// `quemsi_` and plain letters.
bool is_parked_name(std::string_view name);
/// Throws Error(internal) for what cannot be a parked copy's name.
const std::string& parked_file_name(const ParkedName& name);
/// With the two folders above it; durable on return.
void make_parked_folder(const std::filesystem::path& folder);

class ParkedRegistry {
 public:
  ParkedRegistry(const std::filesystem::path& state_dir, const std::string& database);

  /// Durable on return.
  void mark(const ParkedName& name, const std::string& identity) const;
  void mark_draft(const ParkedName& name, const std::string& identity) const;
  void unmark(const ParkedName& name) const;
  /// As a copy that is whole.
  [[nodiscard]] bool is_marked(const ParkedName& name, const std::string& identity) const;
  [[nodiscard]] bool is_draft(const ParkedName& name, const std::string& identity) const;
  /// Sorted; no drafts.
  [[nodiscard]] std::vector<ParkedName> marked(const std::string& identity) const;
  /// There is a marker, of whichever server.
  [[nodiscard]] bool has(const ParkedName& name) const;
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

 private:
  std::filesystem::path folder_;
};

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
  const Server& server_;
  const ParkedRegistry& registry_;
  ParkedName name_;
  std::string identity_;
  bool kept_ = false;
};

std::vector<ParkedInfo> list_parked(const Server& server, const ParkedRegistry& registry);
/// Throws Error(engine) when there is no such copy of ours.
void check_parked(Connection& connection, const Server& server, const ParkedRegistry& registry,
                  const ParkedName& name);
/// No error when there is none of that name that is ours.
void drop_parked(const Server& server, const ParkedRegistry& registry, const ParkedName& name);
void clone_parked(const Server& server, const ParkedRegistry& registry, const ParkedName& from,
                  const ParkedName& to, Progress& progress);

}  // namespace quemsi::postgresql_engine
