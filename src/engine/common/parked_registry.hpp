// Parked copies are databases `quemsi_<id>` on a server. Which of them are ours is what small
// files say, so that two repositories on one server never see each other's:
//
//   <state dir>/parked/<database>-<hash>/quemsi_<id>         holds the server's identity
//   <state dir>/parked/<database>-<hash>/quemsi_<id>.note    what else an engine must know of it
//
// A marker is there before its database, and goes after it: one without a database means nothing.
// While the database is being filled it says `draft` as well.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "quemsi/ids.hpp"

namespace quemsi {

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
  /// Its note goes, too.
  void unmark(const ParkedName& name) const;
  /// As a copy that is whole.
  [[nodiscard]] bool is_marked(const ParkedName& name, const std::string& identity) const;
  [[nodiscard]] bool is_draft(const ParkedName& name, const std::string& identity) const;
  /// Sorted; no drafts.
  [[nodiscard]] std::vector<ParkedName> marked(const std::string& identity) const;
  /// There is a marker, of whichever server.
  [[nodiscard]] bool has(const ParkedName& name) const;

  /// Beside the marker of that name, or what is no copy's. Durable on return; empty: none.
  void write_note(const std::string& key, const std::string& text) const;
  [[nodiscard]] std::string note(const std::string& key) const;

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

 private:
  std::filesystem::path folder_;
};

}  // namespace quemsi
