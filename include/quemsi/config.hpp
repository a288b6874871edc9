// Settings: one descriptor table (src/config/descriptors.cpp), six layers, each
// value's origin known. `.quemsi.yml` comes with a clone and is hostile until
// trusted.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "quemsi/engine.hpp"
#include "quemsi/error.hpp"

namespace quemsi {

/// Later ones override earlier ones.
enum class ConfigLayer {
  built_in,
  repository,   ///< .quemsi.yml at the worktree's top
  local,        ///< .quemsi.local.yml beside it, not committed
  git_config,   ///< git config quemsi.*
  environment,  ///< QUEMSI_*
  flag,         ///< --config KEY=VALUE
};
std::string_view to_string(ConfigLayer layer);

struct ConfigOrigin {
  ConfigLayer layer = ConfigLayer::built_in;
  std::string file;  ///< as the user would name it; empty where there is none
  int line = 0;      ///< 1-based; 0 where there is none
};

/// One effective value, as text without passwords.
struct ConfigSetting {
  std::string key;  ///< dotted: "databases.app", "warm"
  std::string value;
  ConfigOrigin origin;
  std::vector<ConfigOrigin> overrides;  ///< what it won over, nearest first
};

/// What a commit does, `on_commit`.
enum class OnCommit {
  automatic,  ///< "auto": links; a checkpoint first when the schema has changed
  snapshot,   ///< links a checkpoint of its own
  link,       ///< links what is there
  off,
};

/// `commit_trailers`: which snapshots a commit's message names.
enum class CommitTrailers {
  fresh,   ///< "new": those that were taken for it
  always,  ///< and, without any, the one that the databases stand at
  off,
};

/// What a detached HEAD does to the databases.
enum class DetachedHead {
  keep,     ///< nothing
  nearest,  ///< they get what is linked to the nearest ancestor
};

/// `retention`: what `gc` leaves.
struct Retention {
  bool automatic = true;  ///< it runs by itself, once a day at most
  /// Of a branch's automatic snapshots: the newest ones, and the newest one of each of so many
  /// days and weeks.
  std::uint64_t last = 20;
  std::uint64_t daily = 7;
  std::uint64_t weekly = 4;
  std::uint64_t temporary = 30;  ///< days that a temporary database may stay
  std::uint64_t grace = 14;      ///< days that a deleted branch's or worktree's state stays
};

struct Config {
  std::vector<DatabaseSpec> databases;         ///< in the order of the file
  bool follow = true;                          ///< `follow.branches`: hooks move the database
  DetachedHead detached = DetachedHead::keep;  ///< `follow.detached`
  DetachedHead bisect = DetachedHead::keep;    ///< `follow.bisect`: the same within git bisect
  OnCommit on_commit = OnCommit::automatic;
  CommitTrailers commit_trailers = CommitTrailers::fresh;
  std::uint64_t warm = 2;                                 ///< newest manual snapshots kept parked
  std::uint64_t parked_budget = std::uint64_t{10} << 30;  ///< bytes
  Retention retention;
  std::chrono::milliseconds busy_timeout{5000};
  ConnectionPolicy connections = ConnectionPolicy::terminate;
  DefinerPolicy definers = DefinerPolicy::automatic;
  std::map<std::string, std::string> tools;  ///< programs to run instead of those on the PATH
  std::vector<ConfigSetting> settings;       ///< all of them, for `config --show-origin`
  /// What decides where we connect and what we run, canonical, passwords masked: compared with
  /// what was trusted.
  std::string sensitive;
};

struct ConfigSources {
  std::filesystem::path top;                      ///< of the worktree
  std::map<std::string, std::string> git_config;  ///< the section `quemsi`, keys without prefix
  std::function<std::optional<std::string>(const std::string&)> environment;
  std::map<std::string, std::string> flags;
  std::map<std::string, std::string> variables;  ///< for ${NAME} beyond environment: "worktree"
};

/// None when there is neither `.quemsi.yml` nor `.quemsi.local.yml`. Throws
/// Error(config) with file, line and the nearest known key.
std::optional<Config> load_config(const ConfigSources& sources);

/// What was accepted on this machine, kept in `<state dir>/trusted`, never in the
/// worktree.
class TrustStore {
 public:
  explicit TrustStore(std::filesystem::path state_dir);
  [[nodiscard]] bool trusts(const Config& config) const;
  /// Durable on return.
  void trust(const Config& config);
  /// The most recently trusted text, to show what would change; empty at first.
  [[nodiscard]] std::string latest() const;

 private:
  std::filesystem::path file_;
};

/// A database that `init` found.
struct DatabaseCandidate {
  std::string name;
  std::string url;
  std::string source;  ///< where it was found: "DATABASE_URL in .env"
  /// What stands for the URL in .quemsi.yml, which gets committed: "${DATABASE_URL}",
  /// never a password. Empty: the URL itself, with ${NAME} still to be expanded.
  std::string reference = {};
};

/// Looks at DATABASE_URL (environment, .env), config/database.yml and SQLite
/// files (by content, not by name alone) near the top. Never throws for a file
/// that it cannot read.
std::vector<DatabaseCandidate> find_databases(const ConfigSources& sources);

/// The text of a new .quemsi.yml. Throws Error(config) when two have one name.
std::string new_config_text(const std::vector<DatabaseCandidate>& databases);
/// Of .quemsi.local.yml: URLs as they are, with their passwords.
std::string new_local_config_text(const std::vector<DatabaseCandidate>& databases);

/// A URL with the password replaced by ***, fit to print.
std::string mask_password(std::string_view url);

}  // namespace quemsi
