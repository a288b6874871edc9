// Refs read from plain files: no library, no process.
#pragma once

#include <optional>
#include <string>

#include "git/location.hpp"
#include "quemsi/git.hpp"

namespace quemsi {

/// What it answers is what git would; none means that git must be asked.
class FileRefs {
 public:
  explicit FileRefs(Location location) : location_(std::move(location)) {}

  [[nodiscard]] std::optional<Head> head() const;
  [[nodiscard]] std::optional<bool> branch_exists(const std::string& branch) const;
  /// Where an existing branch points.
  [[nodiscard]] std::optional<CommitId> branch_commit(const std::string& branch) const;
  /// False for reftable, where HEAD is a stub.
  [[nodiscard]] bool are_files() const;

 private:
  Location location_;
};

}  // namespace quemsi
