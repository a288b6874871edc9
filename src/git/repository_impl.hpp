// What a Repository holds.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "git/backend.hpp"
#include "git/cli_backend.hpp"
#include "git/file_refs.hpp"
#include "git/git_command.hpp"
#include "git/library_backend.hpp"
#include "quemsi/git.hpp"

namespace quemsi {

struct Repository::Impl {
  Impl(const Location& location, std::filesystem::path modules)
      : git(location), refs(location), command(git), module_dir(std::move(modules)) {}

  /// Loading libgit2 takes as long as two runs of git, and each question then next to
  /// nothing: it is worth it from the second question on.
  std::optional<CommitId> resolve_commit(const std::string& revision) {
    if (std::exchange(has_been_asked, true)) {
      if (auto commit = backend().resolve_commit(revision)) return commit;
    }
    return command.resolve_commit(revision);
  }

  /// libgit2 where it can serve.
  GitBackend& backend() {
    if (!library) library = open_library_backend(git.location(), module_dir);
    if (*library) return **library;
    return command;
  }

  GitCommand git;
  FileRefs refs;
  CliBackend command;
  std::filesystem::path module_dir;
  bool has_been_asked = false;
  /// Set once it was tried; then null when libgit2 cannot serve.
  std::optional<std::unique_ptr<GitBackend>> library;
};

}  // namespace quemsi
