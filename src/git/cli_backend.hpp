// Refs and commits as the git command sees them: slower, right for every format.
#pragma once

#include "git/backend.hpp"
#include "git/git_command.hpp"

namespace quemsi {

class CliBackend final : public GitBackend {
 public:
  explicit CliBackend(GitCommand git) : git_(std::move(git)) {}

  std::optional<CommitId> resolve_commit(const std::string& revision) override;
  std::optional<Commit> commit(const CommitId& id) override;
  std::vector<std::string> note(const CommitId& id) override;
  NoteLines notes() override;
  void add_notes(const NoteLines& lines) override;
  [[nodiscard]] Head head() const;
  [[nodiscard]] bool branch_exists(const std::string& branch) const;

 private:
  [[nodiscard]] std::optional<CommitId> find_commit(const std::string& revision) const;

  /// False when somebody else moved the notes' ref meanwhile.
  bool try_add_notes(const NoteLines& lines);
  /// Reads a commit and those before it, in one go.
  void read_ahead(const CommitId& id);

  GitCommand git_;
  std::map<CommitId, Commit> commits_;
};

}  // namespace quemsi
