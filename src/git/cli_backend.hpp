// Refs and commits as the git command sees them: slower, right for every format.
#pragma once

#include "git/backend.hpp"
#include "git/git_command.hpp"

namespace quemsi {

class CliBackend final : public GitBackend {
 public:
  explicit CliBackend(GitCommand git) : git_(std::move(git)) {}

  std::optional<CommitId> resolve_commit(const std::string& revision) override;
  [[nodiscard]] Head head() const;
  [[nodiscard]] bool branch_exists(const std::string& branch) const;

 private:
  [[nodiscard]] std::optional<CommitId> find_commit(const std::string& revision) const;

  GitCommand git_;
};

}  // namespace quemsi
