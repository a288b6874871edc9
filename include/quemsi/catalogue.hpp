// What we know: snapshots, images, tips, owners, journal, tasks, chunk index.
// One SQLite file, shared by all worktrees and processes of a repository.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quemsi/engine.hpp"
#include "quemsi/error.hpp"
#include "quemsi/ids.hpp"
#include "quemsi/store.hpp"

namespace quemsi {

enum class SnapshotKind { manual, checkpoint, safety, imported };
std::string_view to_string(SnapshotKind kind);
std::optional<SnapshotKind> parse_snapshot_kind(std::string_view text);

/// One database's content inside a snapshot.
struct Image {
  ImageId id;
  std::string database;
  std::string engine;
  Content content = Content::all;
  std::uint64_t bytes = 0;
  std::uint64_t stored_bytes = 0;    ///< what sealing it added to the store
  std::optional<ParkedName> parked;  ///< the warm copy, if there is one
  std::optional<ChunkId> manifest;   ///< set once sealed and verified
  std::vector<std::string> packs;    ///< packs that the sealed image needs
};

struct Snapshot {
  SnapshotId id;
  SnapshotKind kind = SnapshotKind::manual;
  std::vector<std::string> tags;
  std::string description;
  std::string branch;  ///< name at the time; empty when detached
  std::optional<BranchKey> branch_key;
  std::optional<CommitId> commit;    ///< HEAD at the time
  std::optional<SnapshotId> parent;  ///< the owner's base at the time
  std::string author;                ///< `Name <mail>`
  Timestamp created_at{};
  bool pending = false;  ///< a pin is still being read: not listed
  std::vector<Image> images;
  /// Given by the catalogue: of two, the one that it came to know later has the higher one. What
  /// is newer is asked of this and not of the clock, which may have gone backwards.
  std::int64_t serial = 0;
};

struct SnapshotFilter {
  std::optional<std::string> branch;
  std::optional<SnapshotKind> kind;
  std::optional<std::size_t> limit;  ///< newest first
};

/// Per worktree: which branch the live databases stand for.
struct Owner {
  WorktreeId worktree;
  std::optional<BranchKey> branch;  ///< none while HEAD is detached
  std::string branch_name;
  std::optional<SnapshotId> base;                ///< what live was last known to equal
  std::map<std::string, Token> tokens;           ///< per database; absent: unproven, so dirty
  std::map<std::string, std::string> locations;  ///< per database: Database::location()
};

struct Tip {
  BranchKey key;
  std::string branch;  ///< the name that it was last seen under
  SnapshotId snapshot;
};

/// An operation that may be half done. `payload` is the workflow's.
struct JournalEntry {
  std::int64_t id = 0;
  WorktreeId worktree;
  std::string kind;
  std::string payload;
  Timestamp started_at{};
};

/// What `undo` takes back: one row per finished operation, newest last.
struct HistoryEntry {
  std::int64_t id = 0;
  WorktreeId worktree;
  std::string kind;  ///< switch, restore, undo
  std::string payload;
  Timestamp finished_at{};
};

enum class TaskState { waiting, running, failed };
std::string_view to_string(TaskState state);

struct Task {
  std::int64_t id = 0;
  std::string kind;     ///< seal, drop, warm, record, ...
  std::string subject;  ///< an image's or a snapshot's id
  TaskState state = TaskState::waiting;
  std::int64_t pid = 0;  ///< of the worker, while running
  int attempts = 0;
  std::string error;  ///< of the last attempt
  Timestamp created_at{};
};

enum class GoneKind { branch, worktree };

/// A parked copy that the user asked for by `restore --temp`.
struct TemporaryDatabase {
  ImageId id;
  std::string database;
  SnapshotId snapshot;
  std::string url;  ///< without password
  Timestamp created_at{};
};

class CatalogueImpl;

/// Every function may throw Error(io), Error(busy) after the bounded wait,
/// Error(corrupt). Functions that change something outside transaction() are a
/// transaction of their own. Used from one thread.
class Catalogue : public ChunkIndex {
 public:
  /// Creates or migrates the file. Throws Error(unsupported) naming both versions
  /// when it was written by a newer release, Error(corrupt) when it is damaged.
  explicit Catalogue(const std::filesystem::path& file);
  ~Catalogue() override;
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;

  /// Runs `work` in one durable transaction (BEGIN IMMEDIATE); rolls back when it throws.
  void transaction(const std::function<void()>& work);

  // Snapshots
  void insert_snapshot(const Snapshot& snapshot);
  std::optional<Snapshot> snapshot(const SnapshotId& id);
  /// Newest first. Pending ones are left out.
  std::vector<Snapshot> snapshots(const SnapshotFilter& filter = {});
  std::vector<Snapshot> pending_snapshots();
  /// Ids that start with `prefix`, pending ones left out.
  std::vector<SnapshotId> snapshots_by_prefix(const std::string& prefix);
  std::optional<SnapshotId> snapshot_by_tag(const std::string& tag);
  std::vector<std::string> tags();
  /// Taken while HEAD was at that commit (none: while it was unborn), newest first.
  std::vector<Snapshot> snapshots_at(const std::optional<CommitId>& commit);
  std::size_t snapshot_count();
  /// The fingerprint of what it holds; none when nobody has looked.
  std::optional<std::string> schema(const SnapshotId& id);
  void set_schema(const SnapshotId& id, const std::string& fingerprint);
  /// Throws Error(user) when another snapshot has the tag.
  void add_tag(const SnapshotId& id, const std::string& tag);
  void remove_tag(const std::string& tag);
  void set_description(const SnapshotId& id, const std::string& text);
  void set_pending(const SnapshotId& id, bool pending);
  /// Children are handed to its parent; tips and owners that name it move to its parent.
  void remove_snapshot(const SnapshotId& id);
  /// The record chunk that describes the snapshot, and the pack it is in.
  void set_record(const SnapshotId& id, const ChunkId& record, const std::string& pack);
  std::optional<ChunkId> record(const SnapshotId& id);

  // Images
  std::optional<Image> image(const ImageId& id);
  std::optional<SnapshotId> snapshot_of_image(const ImageId& id);
  void set_parked(const ImageId& id, const std::optional<ParkedName>& name);
  void set_sealed(const ImageId& id, const SealedImage& sealed);
  /// Takes the seal back: fsck found its chunks damaged.
  void clear_seal(const ImageId& id);
  /// Images with a parked copy, of this database, least recently used first.
  std::vector<Image> parked_images(const std::string& database);
  void touch(const ImageId& id, Timestamp when);
  /// Images without a seal, oldest first.
  std::vector<Image> unsealed_images();

  // Tips
  std::optional<Tip> tip(const BranchKey& key);
  std::vector<Tip> tips();
  void set_tip(const Tip& tip);
  void remove_tip(const BranchKey& key);

  // Owners
  std::optional<Owner> owner(const WorktreeId& worktree);
  std::vector<Owner> owners();
  void set_owner(const Owner& owner);
  void remove_owner(const WorktreeId& worktree);

  // Journal and history
  std::int64_t write_journal(const JournalEntry& entry);
  std::vector<JournalEntry> journal();
  void remove_journal(std::int64_t id);
  std::int64_t add_history(const HistoryEntry& entry);
  std::optional<HistoryEntry> last_history(const WorktreeId& worktree);

  // Tasks
  /// Adds it unless one of the same kind and subject waits or runs; returns its id.
  std::int64_t add_task(const std::string& kind, const std::string& subject, Timestamp now);
  std::vector<Task> tasks();
  /// Oldest waiting task, marked as running by `pid`.
  std::optional<Task> claim_task(std::int64_t pid);
  void finish_task(std::int64_t id);
  void fail_task(std::int64_t id, const std::string& error);
  /// Back to waiting: the worker died, or the user asked to try again.
  void retry_task(std::int64_t id);
  void remove_tasks(const std::string& kind, const std::string& subject);

  // What belongs to a branch or a worktree that is gone
  /// When that was first noticed, by branch key or worktree.
  std::map<std::string, Timestamp> gone(GoneKind kind);
  /// Remembers the first time only.
  void note_gone(GoneKind kind, const std::string& subject, Timestamp when);
  void forget_gone(GoneKind kind, const std::string& subject);

  // Temporary databases
  void add_temporary(const TemporaryDatabase& database);
  std::vector<TemporaryDatabase> temporaries();
  void remove_temporary(const ImageId& id);

  // Chunk index
  std::optional<ChunkLocation> find(const ChunkId& id) override;
  void add_pack(const PackInfo& pack, std::span<const PackEntry> entries) override;
  std::vector<PackInfo> packs();
  /// Packs that no image and no record needs.
  std::vector<PackInfo> unused_packs();
  void remove_pack(const std::string& name);
  /// What the index says is in a pack.
  std::vector<PackEntry> pack_entries(const std::string& name);
  /// What counted on the old packs counts on the new one, which has all that they are needed for.
  void replace_packs(const std::vector<std::string>& old, const PackContents& merged);
  /// Of all images, pending ones included, each once; and the records of snapshots.
  std::vector<ChunkId> manifests();
  std::vector<ChunkId> records();
  /// The chunk is not to be found in that pack any more: what stands there is damaged.
  void remove_chunk(const ChunkId& id, const std::string& pack);

  /// Brings what stands in the write-ahead log into the file, as far as nobody still reads it
  /// there. Waits for nobody.
  void checkpoint();
  /// SQLite's own integrity check and ours (foreign keys): what is wrong, or empty.
  std::vector<std::string> check();

 private:
  std::unique_ptr<CatalogueImpl> impl_;
};

}  // namespace quemsi
