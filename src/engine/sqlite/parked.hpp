// Where parked copies are, and what may be done to them as files.
//
//   <state dir>/parked/<database>-<hash>/quemsi_<id>   when live is on the same device
//   <live's folder>/.quemsi/<database>-<hash>/...      otherwise: a swap is a rename
//
// A parked file is closed, has nothing beside it, and is synced.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/sqlite/workspace.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::sqlite_engine {

class ParkedFolder {
 public:
  ParkedFolder(const std::filesystem::path& state_dir, const std::string& database,
               const std::filesystem::path& live);

  [[nodiscard]] std::vector<ParkedInfo> list() const;
  [[nodiscard]] std::optional<std::filesystem::path> find(const ParkedName& name) const;
  /// Throws Error(engine) when there is none of that name.
  [[nodiscard]] std::filesystem::path get(const ParkedName& name) const;
  /// The path of one to be made. Throws Error(engine) when there is one already.
  [[nodiscard]] std::filesystem::path place(const ParkedName& name) const;
  /// A folder beside it for what is not finished; makes the folders above.
  [[nodiscard]] Workspace workspace() const;
  /// Makes `made` a parked copy, synced already; all or nothing.
  void adopt(const std::filesystem::path& made, const ParkedName& name) const;
  void drop(const ParkedName& name) const;

 private:
  [[nodiscard]] const std::filesystem::path& home() const;

  std::filesystem::path state_dir_;
  std::filesystem::path live_folder_;
  std::filesystem::path central_;
  std::filesystem::path beside_;
};

}  // namespace quemsi::sqlite_engine
