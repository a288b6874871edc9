// What reads commits and notes: libgit2, or the git command.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "quemsi/git.hpp"

namespace quemsi {

class GitBackend {
 public:
  GitBackend() = default;
  GitBackend(const GitBackend&) = delete;
  GitBackend& operator=(const GitBackend&) = delete;
  virtual ~GitBackend() = default;

  /// A commit is what git would answer. None from libgit2 means that it cannot tell;
  /// from the git command, that the revision names no commit.
  virtual std::optional<CommitId> resolve_commit(const std::string& revision) = 0;

  /// None when there is no such commit.
  virtual std::optional<Commit> commit(const CommitId& id) = 0;
  virtual std::vector<std::string> note(const CommitId& id) = 0;
  virtual NoteLines notes() = 0;
  /// See Repository::add_notes.
  virtual void add_notes(const NoteLines& lines) = 0;
};

/// None unless it is a SHA-1 or SHA-256 in hexadecimal.
std::optional<CommitId> parse_commit_id(std::string_view text);

}  // namespace quemsi
