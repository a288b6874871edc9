// The verbs, without a terminal: what commands and hooks call.
//
// Every function that changes something holds the operation lock, reconciles
// first, and leaves the invariants of docs/architecture.md intact when it throws
// or is killed.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quemsi/catalogue.hpp"
#include "quemsi/config.hpp"
#include "quemsi/engine.hpp"
#include "quemsi/error.hpp"
#include "quemsi/git.hpp"
#include "quemsi/progress.hpp"
#include "quemsi/store.hpp"

namespace quemsi {

struct ProjectOptions {
  std::filesystem::path start;                     ///< where the user is
  std::map<std::string, std::string> flags;        ///< --config KEY=VALUE
  std::filesystem::path module_dir;                ///< where our modules are
  std::filesystem::path program;                   ///< absolute path of git-quemsi, for the worker
  std::chrono::milliseconds lock_wait{30000};      ///< for another command to finish
  std::function<Timestamp()> clock;                ///< the system's when empty
  std::function<void(const std::string&)> notice;  ///< one-line messages; may be empty
};

struct ProjectState;

/// A worktree with its configuration, catalogue, store and databases, each opened
/// on first use. Used from one thread.
class Project {
 public:
  /// Throws Error(user) outside a repository.
  explicit Project(ProjectOptions options);
  ~Project();
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;

  [[nodiscard]] const ProjectOptions& options() const;
  Repository& repository();
  /// True when there is a configuration file in the worktree.
  [[nodiscard]] bool configured();
  /// Throws Error(config) when there is none.
  const Config& config();
  /// What git is configured to do, asked on first use.
  const GitConfig& git_config();
  /// Reads either configuration again on next use: a file was written.
  void forget_config();
  /// Throws Error(config) naming `git quemsi trust` when the configuration is not trusted.
  void require_trust();
  TrustStore trust();
  [[nodiscard]] std::filesystem::path state_dir();
  [[nodiscard]] std::filesystem::path catalogue_file();
  /// True once `init` or `install` has run in this repository.
  [[nodiscard]] bool initialised();
  Catalogue& catalogue();
  /// Closes catalogue and store, so that the file can be replaced; opened again on next use.
  void forget_catalogue();
  Store& store();
  /// Throws Error(user) naming the known ones.
  Database& database(const std::string& name);
  /// The same of another worktree, as this one's configuration names it there, which it does where
  /// a URL has `${worktree}`. Null when it names none of that name.
  std::unique_ptr<Database> database_of(const WorktreeId& worktree, const std::string& name);
  /// A database that the configuration does not name: the target of `restore --to`.
  std::unique_ptr<Database> open_url(const DatabaseSpec& spec);
  [[nodiscard]] Timestamp now();
  void notice(const std::string& line);

 private:
  std::unique_ptr<ProjectState> state_;
};

/// True when there are packs of snapshots, but no catalogue: `fsck` with repair rebuilds it.
bool lacks_catalogue(Project& project);
/// Throws Error(corrupt) then: whoever would make a new one would lose sight of the snapshots.
void require_no_lost_catalogue(Project& project);

// -- Set-up -----------------------------------------------------------------

struct InitRequest {
  std::vector<std::string> urls;  ///< none: look for them
  InstallMode hooks = InstallMode::careful;
};
struct InitResult {
  std::filesystem::path config_file;
  bool config_written = false;  ///< false: there was one, it was kept
  /// Written too, when URLs were given with passwords: readable by its owner only.
  std::optional<std::filesystem::path> local_file = {};
  std::vector<DatabaseCandidate> found;
  std::vector<std::string> warnings;  ///< a database that git tracks, ...
  std::optional<Snapshot> first;      ///< none when the databases do not exist yet
  std::optional<Snapshot> filled;     ///< what the databases of a new worktree were made of
};
/// What init would do; touches nothing.
InitResult plan_init(Project& project, const InitRequest& request);
InitResult initialise(Project& project, const InitRequest& request, Progress& progress);
/// Trusts the configuration and makes this worktree's owner record if it has none.
void adopt_worktree(Project& project);

// -- Snapshots --------------------------------------------------------------

struct SnapshotRequest {
  std::vector<std::string> tags;  ///< none: a name is made from branch and time
  std::string description;
  std::vector<std::string> databases;  ///< none: all
  Content content = Content::all;
  bool background = false;  ///< return once the view is pinned
  SnapshotKind kind = SnapshotKind::manual;
};
Snapshot take_snapshot(Project& project, const SnapshotRequest& request, Progress& progress);

/// How a text was understood as a snapshot.
enum class FoundBy {
  latest,
  tag,
  id,
  branch,   ///< it stands at it
  note,     ///< the commit's note in refs/notes/quemsi
  trailer,  ///< `Quemsi-Snapshot:` in the commit's message
  taken,    ///< while HEAD was at the commit
};
std::string_view to_string(FoundBy by);

struct SnapshotMatch {
  Snapshot snapshot;
  FoundBy by = FoundBy::id;
  std::optional<CommitId> commit;  ///< by note, trailer or taken: whose
  std::size_t steps = 0;           ///< from the commit that was named down to that ancestor
};

/// A tag, an id or a unique prefix, a branch (its tip), `latest`, a commit-ish: what it is
/// linked to by note or trailer, or was taken at it; else the same of its nearest ancestor.
/// Throws Error(user) with the nearest names, or with the candidates when ambiguous.
SnapshotMatch find_snapshot(Project& project, const std::string& text);
Snapshot resolve_snapshot(Project& project, const std::string& text);
/// Throws Error(user) unless it can be a tag: not empty, at most 200 characters,
/// no control characters, not an id's prefix form, not `latest`, no leading '-'.
void check_tag(const std::string& tag);

Snapshot tag_snapshot(Project& project, const std::string& snapshot, const std::string& tag);
Snapshot describe_snapshot(Project& project, const std::string& snapshot, const std::string& text);
struct DeletePlan {
  Snapshot snapshot;
  /// That stand at it and whose databases are not live: with it goes what they held.
  std::vector<std::string> branches;
};
/// Looks only: the question before the answer.
DeletePlan plan_delete(Project& project, const std::string& snapshot);
struct DeleteResult {
  Snapshot snapshot;
  std::uint64_t freed_bytes = 0;
};
DeleteResult delete_snapshot(Project& project, const std::string& snapshot);

// -- Restore ----------------------------------------------------------------

/// How a database will get the content that it is to have.
enum class Means { keep, swap, clone, materialise };
std::string_view to_string(Means means);

struct RestoreRequest {
  std::string snapshot = "latest";
  std::vector<std::string> databases;  ///< none: all that the snapshot holds
  Content content = Content::all;
};
struct RestoreStep {
  std::string database;
  std::string target;  ///< Database::display()
  Means means;
  std::uint64_t bytes;
  bool dirty;  ///< live has changes that will be kept as a safety snapshot
};
struct RestorePlan {
  Snapshot snapshot;
  SnapshotMatch match;
  std::vector<RestoreStep> steps;
};
struct RestoreResult {
  Snapshot snapshot;                   ///< what is live now
  std::optional<SnapshotMatch> match;  ///< of a restore: how it was found
  std::optional<Snapshot> kept;        ///< safety snapshot or checkpoint of what was live
  std::vector<RestoreStep> steps;
};
/// Looks only: --dry-run, and the question before the answer.
RestorePlan plan_restore(Project& project, const RestoreRequest& request);
RestoreResult restore_snapshot(Project& project, const RestoreRequest& request, Progress& progress);

struct ElsewhereRequest {
  std::string snapshot = "latest";
  std::string database;           ///< empty: the snapshot's only one
  std::optional<std::string> to;  ///< a URL or a path; none: a temporary database
  Content content = Content::all;
  bool replace = false;  ///< the target may exist
};
struct ElsewhereResult {
  Snapshot snapshot;
  std::string database;
  std::string url;  ///< without password
  std::optional<ImageId> temporary;
  std::uint64_t kept_days = 0;  ///< of a temporary one, until gc drops it; 0: for ever
};
/// Looks only: throws what would keep restore_elsewhere from its target.
void check_elsewhere(Project& project, const ElsewhereRequest& request);
ElsewhereResult restore_elsewhere(Project& project, const ElsewhereRequest& request,
                                  Progress& progress);
std::vector<TemporaryDatabase> list_temporaries(Project& project);
/// By id, unique prefix or URL; returns what was dropped.
TemporaryDatabase drop_temporary(Project& project, const std::string& which);

struct UndoPlan {
  std::string what;  ///< "switch from main to hotfix"
  Snapshot target;   ///< what would be live again
  std::vector<RestoreStep> steps;
};
/// None when there is nothing to take back.
std::optional<UndoPlan> plan_undo(Project& project);
std::optional<RestoreResult> undo(Project& project, Progress& progress);

// -- Following branches -------------------------------------------------------

enum class Followed {
  nothing,      ///< not configured, same branch, or nothing differs
  stood_still,  ///< operation in progress, detached, not trusted, ...; `line` says why
  inherited,    ///< a new branch took the live state over
  switched,
};
struct FollowResult {
  Followed what = Followed::nothing;
  std::string line;  ///< for stderr; empty when there is nothing to say
};
/// The body of post-checkout, and of every command that finds HEAD elsewhere.
FollowResult follow_branch(Project& project, Progress& progress);

// -- Commits ------------------------------------------------------------------

enum class CommitEvent { commit, merge, patch };
/// The body of post-commit, post-merge and post-applypatch: links HEAD to the state of the
/// databases if they stand for its branch. Returns a line for stderr, mostly empty.
std::string link_commit(Project& project, CommitEvent event, Progress& progress);

/// The body of post-rewrite: what old commits are linked to, new ones are. `pairs`: what git
/// says on stdin, "<old> <new>" a line; empty: what its files say.
void carry_links(Project& project, const std::string& pairs);

/// The body of commit-msg: adds trailers to the message in `file`. Returns a line for stderr
/// about references that name no snapshot, mostly empty.
std::string complete_message(Project& project, const std::filesystem::path& file);

/// What a commit's or a pull request's message may tell of the databases.
struct MessageBlock {
  std::string branch;                ///< empty when detached
  std::optional<Snapshot> baseline;  ///< what the branch began with
  std::vector<Snapshot> progress;    ///< taken on it since, oldest first
  std::optional<Snapshot> current;   ///< what the databases are based on
  bool dirty = false;                ///< they have changed since
  std::vector<std::string> trailers;
};
MessageBlock message_block(Project& project);

/// A commit with what is known of the databases at it.
struct HistoryLine {
  std::string graph;                ///< git's drawing, with its colours
  std::optional<CommitId> commit;   ///< none: a line of the drawing alone
  std::string text;                 ///< abbreviated id, names and subject, as git prints them
  std::vector<Snapshot> snapshots;  ///< linked to it or taken at it, newest first
  bool live = false;                ///< the live databases are based on one of those
};
struct HistoryRequest {
  std::vector<std::string> revisions;  ///< none: HEAD
  std::optional<std::size_t> limit;    ///< commits
  bool graph = false;
  bool colour = false;
};
struct History {
  std::vector<HistoryLine> lines;
  std::optional<SnapshotId> base;  ///< what the live databases are based on
  bool base_shown = false;         ///< at one of the commits
};
/// Throws Error(user) with git's words for revisions that it does not know.
History history(Project& project, const HistoryRequest& request);

/// Finishes or undoes what a killed process left; returns what it did, a line each.
std::vector<std::string> reconcile(Project& project);

// -- Background -----------------------------------------------------------------

/// Starts the worker, detached and with no descriptor of ours, if tasks wait and
/// none runs. Never throws.
void start_worker(Project& project) noexcept;
/// The worker: seals, verifies, warms, evicts until no task waits. Does nothing
/// when another one is at work in this repository.
void run_worker(Project& project);
/// The worker that holds a pin: opens a view of every database of the pending
/// snapshot, says so by one line on the descriptor `ready`, seals, then goes on as
/// run_worker. Started as `git-quemsi worker --pin ID` with `ready` as 3.
void run_pin(Project& project, const SnapshotId& id, int ready);
/// Waits until no task waits or runs, or `limit` passes; false then.
bool wait_for_worker(Project& project, std::chrono::milliseconds limit);

// -- Looking ------------------------------------------------------------------

struct DatabaseStatus {
  std::string name;
  std::string engine;
  bool reachable = false;
  bool exists = false;
  bool dirty = false;
  std::string display;
  std::string problem;  ///< why not reachable
};
struct StatusReport {
  std::string branch;        ///< of HEAD; empty when detached
  std::string owner_branch;  ///< that the live databases stand for
  std::optional<Snapshot> base;
  bool dirty = false;
  bool trusted = false;
  bool hooks_installed = false;
  std::vector<DatabaseStatus> databases;
  std::vector<Task> background;
  std::vector<std::string> warnings;
};
StatusReport status(Project& project);

}  // namespace quemsi
