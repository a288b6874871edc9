// Parked copies are databases `quemsi_<id>` on a server. Which of them are ours is what small
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

#include "quemsi/ids.hpp"

namespace quemsi {

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

 private:
  std::filesystem::path folder_;
};

}  // namespace quemsi
