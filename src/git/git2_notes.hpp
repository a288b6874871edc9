// Notes through libgit2. Its own functions lose what others write at the same time, and
// never fan a tree out: at 100,000 notes in one folder a write takes 320 ms, below a
// folder for each first byte 3 ms.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/git2_handles.hpp"
#include "quemsi/git.hpp"

namespace quemsi::git2 {

/// Reads any layout that git writes. Used from one thread; the repository outlives it.
class Notes {
 public:
  explicit Notes(git_repository* repository) : repository_(repository) {}

  [[nodiscard]] std::string read(const CommitId& id) const;
  [[nodiscard]] NoteLines all() const;
  void add(const NoteLines& lines) const;

 private:
  [[nodiscard]] std::optional<git_oid> head() const;
  [[nodiscard]] TreeHandle tree_of(const std::optional<git_oid>& head) const;
  [[nodiscard]] TreeHandle subtree(const git_tree* tree, const std::string& name) const;
  [[nodiscard]] std::string text(const git_oid& blob) const;
  /// Everything at the path's name, in whatever layout.
  [[nodiscard]] std::string find(const git_tree* tree, const std::string& rest) const;
  void collect(const git_tree* tree, const std::string& prefix, NoteLines& found) const;
  /// The tree with that note; null: there was none.
  [[nodiscard]] git_oid put(const git_tree* tree, const std::string& rest, const git_oid& blob,
                            bool fans_out) const;
  /// None when every line is there already.
  [[nodiscard]] std::optional<git_oid> extended(TreeHandle tree, const NoteLines& lines) const;
  [[nodiscard]] git_oid commit(const git_oid& tree, const std::optional<git_oid>& parent) const;
  /// False when somebody else moved the ref, or holds it.
  [[nodiscard]] bool move_ref(const std::optional<git_oid>& from, const git_oid& to) const;

  git_repository* repository_;
};

}  // namespace quemsi::git2
