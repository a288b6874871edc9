// What we ask of git. Locating and reading HEAD needs no library, so that a hook
// with nothing to do stays cheap; the rest goes through libgit2 (a module loaded
// on first use) and falls back to the git command where libgit2 cannot serve:
// sha256, reftable, unknown extensions, foreign owners.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "quemsi/error.hpp"
#include "quemsi/ids.hpp"

namespace quemsi {

/// Where HEAD is.
struct Head {
  std::optional<std::string> branch;  ///< without refs/heads/; none when detached
  std::optional<CommitId> commit;     ///< none when unborn
};

/// What git is in the middle of, from the files of the worktree's git dir.
enum class GitOperation { none, rebase, merge, cherry_pick, revert, sequencer, bisect, am };
std::string_view to_string(GitOperation operation);

/// A commit as far as we read it.
struct Commit {
  CommitId id;
  std::vector<CommitId> parents;
  std::string message;  ///< subject, body and trailers
};

/// Settings as git itself would use them, `-c` and includes among their sources: what they were
/// when they were read.
class GitConfig {
 public:
  /// Full keys to values, keys as git prints them.
  explicit GitConfig(std::map<std::string, std::string> values) : values_(std::move(values)) {}

  /// Section and name of the key in any case; of many values the last.
  [[nodiscard]] std::optional<std::string> value(const std::string& key) const;
  /// Every value under `section.` (lower-case section, no subsections), keys without it.
  [[nodiscard]] std::map<std::string, std::string> section(const std::string& name) const;

 private:
  std::map<std::string, std::string> values_;
};

/// Lines of notes, by the commit that they are of.
using NoteLines = std::map<CommitId, std::vector<std::string>>;

struct BranchKeys {
  /// Every local branch that has one: branch name to key. Two branches share one
  /// after `git branch -c`.
  std::map<std::string, BranchKey> by_branch;
};

enum class HookState {
  absent,
  ours,
  ours_outdated,
  chained,
  managed,  ///< somebody else's, which calls ours
  foreign,
};
/// False when git would not call us.
bool is_installed(HookState state);

struct HookStatus {
  std::string name;  ///< "post-checkout"
  std::filesystem::path file;
  HookState state;
  bool executable = true;  ///< false: git passes it over
};

enum class InstallMode { careful, chain, force };

/// One worktree of one repository. Reads what git would read at the moment of
/// the call; caches nothing. Used from one thread.
class Repository {
 public:
  /// Finds the repository that contains `start` (GIT_DIR and GIT_WORK_TREE count,
  /// as for git itself). None when there is none. Throws Error(unsupported) for a
  /// bare repository.
  static std::optional<Repository> discover(const std::filesystem::path& start);
  /// The same, with our modules (`quemsi-git2.so`) in a place of the caller's choice.
  static std::optional<Repository> discover(const std::filesystem::path& start,
                                            const std::filesystem::path& module_dir);
  ~Repository();
  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  [[nodiscard]] const std::filesystem::path& top() const;      ///< worktree's top, real path
  [[nodiscard]] const std::filesystem::path& git_dir() const;  ///< of this worktree
  [[nodiscard]] const std::filesystem::path& common_dir() const;
  [[nodiscard]] WorktreeId worktree() const;
  [[nodiscard]] bool is_linked_worktree() const;
  /// False once `git worktree remove` or `prune` has taken it away.
  [[nodiscard]] bool has_worktree(const WorktreeId& id) const;

  [[nodiscard]] Head head() const;
  [[nodiscard]] GitOperation operation() const;
  [[nodiscard]] std::string author() const;  ///< `Name <mail>`

  /// Throws Error(config) with git's words when a file is damaged.
  [[nodiscard]] GitConfig config() const;
  void set_local_config(const std::string& key, const std::string& value);
  void unset_local_config(const std::string& key);

  [[nodiscard]] BranchKeys branch_keys() const;
  /// Writes `branch.<name>.quemsi`.
  void set_branch_key(const std::string& branch, const BranchKey& key);
  [[nodiscard]] bool branch_exists(const std::string& name) const;
  /// True when the index holds a file at that path (relative to the top).
  [[nodiscard]] bool is_tracked(const std::string& path) const;
  /// Adds a line to info/exclude, which holds for this clone only, unless it is there.
  void exclude(const std::string& pattern);

  /// The commit that a revision names ("HEAD~3", a tag, ...); none when it names none.
  [[nodiscard]] std::optional<CommitId> resolve_commit(const std::string& revision) const;

  // Commits
  /// None when there is no such commit.
  [[nodiscard]] std::optional<Commit> commit(const CommitId& id) const;
  /// `start` at 0 steps, then its ancestors, fewest steps first and a commit's first
  /// parent before its others, until `visit` returns true. False when none did.
  bool walk_ancestors(const CommitId& start,
                      const std::function<bool(const Commit&, std::size_t steps)>& visit) const;
  /// What `git log` prints with these arguments. Throws Error(user) with git's words.
  [[nodiscard]] std::string log(std::vector<std::string> arguments) const;

  // Notes, in refs/notes/quemsi
  /// The lines of a commit's note; none when it has none.
  [[nodiscard]] std::vector<std::string> note(const CommitId& id) const;
  [[nodiscard]] NoteLines notes() const;
  /// Adds lines that are not there yet, in one commit of the notes' ref. Nothing that
  /// others write at the same time is lost: the ref is moved by compare-and-swap.
  /// Throws Error(busy) when that keeps failing.
  void add_notes(const NoteLines& lines);
  /// Makes git carry our notes through amend and rebase; `show`: and print them in `git log`.
  void carry_notes(bool show);
  void forget_notes_config();
  /// True when `git log` prints our notes.
  [[nodiscard]] bool shows_notes() const;

  /// Adds trailers ("Key: value") to a commit message's file, but none that is there
  /// already. `comment`: what its comment lines start with.
  void add_trailers(const std::filesystem::path& file, const std::vector<std::string>& trailers,
                    const std::string& comment) const;

  /// Of the git command, "2.39.5". Throws Error(unsupported) when there is none.
  [[nodiscard]] std::string git_version() const;

  // Hooks
  [[nodiscard]] std::filesystem::path hooks_dir() const;
  [[nodiscard]] std::vector<HookStatus> hooks() const;
  /// `program`: absolute path of git-quemsi, written into the shims. Throws
  /// Error(user) for a foreign hook in careful mode, having changed nothing.
  void install_hooks(InstallMode mode, const std::filesystem::path& program);
  /// Visits every hook; puts back what --chain moved. Returns what it left alone and why.
  std::vector<std::string> uninstall_hooks();
  /// Lines to paste into another hook manager's configuration.
  [[nodiscard]] static std::string manual_snippets();

 private:
  struct Impl;
  explicit Repository(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace quemsi
