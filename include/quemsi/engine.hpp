// The interface between the workflow and a database engine.
//
// How to add an engine
//  1. A folder src/engine/<name>/ that builds the module `quemsi-engine-<name>`
//     and exports QUEMSI_ENGINE_ENTRY(YourEngine) in one of its files.
//  2. A line in the table of src/engine/registry.cpp: name, URL schemes.
//  3. A quirks file in tests/engine/, which runs the conformance suite on it.
//  Nothing else changes. An engine reads no environment variable of ours, knows
//  neither store, catalogue nor git, prints nothing and installs no handlers.
//
// Words: *live* is the database that the application connects to; its name and
// URL never change. A *parked* copy is a database (schema, file) of our own on
// the same server, ready to be swapped in. See docs/architecture.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "quemsi/error.hpp"
#include "quemsi/finding.hpp"
#include "quemsi/ids.hpp"
#include "quemsi/image.hpp"
#include "quemsi/progress.hpp"

namespace quemsi {

/// An entry under `databases:`, with variables already expanded.
struct DatabaseSpec {
  std::string name;    ///< unique in the repository; any UTF-8 without control characters
  std::string engine;  ///< registry name
  std::string url;     ///< may hold a password: never printed
};

/// What happens to applications' connections that keep a server's database from being swapped.
enum class ConnectionPolicy {
  terminate,  ///< they are closed; `EngineContext::notice` says whose
  wait,       ///< up to `EngineContext::busy_timeout`
  refuse,     ///< Error(busy) at once
};

/// Whom views, triggers, routines and events run as once they are made again.
enum class DefinerPolicy {
  automatic,  ///< their definer where we may set it, else us; `EngineContext::notice` says which
  keep,       ///< their definer; Error(engine) beforehand where we may not set it
  rewrite,    ///< us
};

/// What an engine may use of its surroundings.
struct EngineContext {
  std::filesystem::path top;                     ///< the worktree's top; relative paths start here
  std::filesystem::path state_dir;               ///< `<git common dir>/quemsi`, exists
  std::chrono::milliseconds busy_timeout{5000};  ///< longest wait for somebody else's lock
  ConnectionPolicy connections = ConnectionPolicy::terminate;
  DefinerPolicy definers = DefinerPolicy::automatic;
  std::vector<std::string> allowed_hosts;    ///< beyond this machine; "*" is any
  std::map<std::string, std::string> tools;  ///< programs by name ("pg_dump"): a shell's words
  std::function<void(const std::string&)> notice;  ///< one-line messages; may be empty
};

enum class Content { all, schema };

struct Probe {
  bool exists = false;
  std::string version;      ///< of the server or library, for humans and manifests
  std::uint64_t bytes = 0;  ///< size of the live database, as the engine counts it
};

/// What a capture caught.
struct Captured {
  std::uint64_t bytes = 0;
  /// Proof for exactly the captured content; none when the engine cannot prove it.
  std::optional<Token> token;
};

/// What making a copy may cost.
enum class CopyLimit {
  instant,  ///< milliseconds: only if the engine can copy in constant time, or the data is small
  raw,      ///< as long as copying the bytes takes, without reading rows
  none,     ///< whatever it takes
};

/// A consistent, immutable view of one database, held until destruction.
/// Used from one thread.
class View {
 public:
  virtual ~View() = default;
  [[nodiscard]] virtual const Captured& captured() const = 0;
  /// Streams the content: header first, then every section, each finished.
  /// Calls `progress.check_cancelled()` at least once per chunk.
  virtual void write(ImageSink& sink, Progress& progress) = 0;
};

struct ParkedInfo {
  ParkedName name;
  std::uint64_t bytes = 0;
};

/// Where an interrupted swap was found to stand, or was brought to.
enum class Settled { not_done, done };

/// One configured database. Used from one thread at a time. Opening does no
/// I/O; every function may throw Error(engine), Error(busy), Error(io).
class Database {
 public:
  virtual ~Database() = default;

  /// Identity of the physical live database, without password: equal for two
  /// specs exactly when they name the same one.
  [[nodiscard]] virtual std::string location() const = 0;
  /// For humans: the URL without password.
  [[nodiscard]] virtual std::string display() const = 0;
  /// The file that live is, links followed, whether or not it exists; none on a server.
  [[nodiscard]] virtual std::optional<std::filesystem::path> live_file() const {
    return std::nullopt;
  }
  /// Throws when the database exists but cannot be used; says why and what to do.
  virtual Probe probe() = 0;
  /// Looks, for a database that probe() has found, at all that would keep it from being captured,
  /// sealed or swapped, or slow that down.
  virtual std::vector<Finding> examine() = 0;
  /// What can still be written where parked copies are; none where that cannot be asked.
  virtual std::optional<std::uint64_t> free_bytes() = 0;
  /// True only when live is provably what `token` was given for.
  virtual bool unchanged_since(const Token& token) = 0;
  /// Of live's tables, columns, indexes, constraints, views, triggers and routines, not of rows:
  /// equal for equal schemas of the same database, whatever it was swapped with meanwhile. Takes
  /// milliseconds whatever the size of the data. None when there is no live database.
  virtual std::optional<std::string> schema_fingerprint() = 0;

  // -- capture -------------------------------------------------------------
  /// A parked copy of live while applications stay connected. None, and nothing
  /// made, when that would exceed `limit`. Durable (synced) on return.
  virtual std::optional<Captured> copy_live(const ParkedName& to, Content content, CopyLimit limit,
                                            Progress& progress) = 0;
  /// Opens a consistent view of live now; the application goes on writing.
  virtual std::unique_ptr<View> pin(Content content) = 0;
  virtual std::unique_ptr<View> open_parked(const ParkedName& name) = 0;

  // -- parked copies -------------------------------------------------------
  virtual std::vector<ParkedInfo> list_parked() = 0;
  /// Durable on return.
  virtual void clone_parked(const ParkedName& from, const ParkedName& to, Progress& progress) = 0;
  /// Removes all rows, keeps the schema.
  virtual void empty_parked(const ParkedName& name) = 0;
  /// Builds a parked copy from an image and verifies it; durable on return, and
  /// nothing is left behind on failure. Throws Error(corrupt) for a bad image.
  virtual void materialise(const ImageSource& image, const ParkedName& to, Progress& progress) = 0;
  /// No error when there is none of that name.
  virtual void drop_parked(const ParkedName& name) = 0;
  /// What an application would connect to in order to read a parked copy.
  [[nodiscard]] virtual std::string parked_url(const ParkedName& name) const = 0;
  /// Makes the parked copy the database at `target` and spends it. Throws
  /// Error(user) when that exists, unless `replace`.
  virtual void publish(const ParkedName& name, const DatabaseSpec& target, bool replace) = 0;

  // -- swap ----------------------------------------------------------------
  /// Looks, changes nothing: what `swap` and `settle` need to know in order to
  /// tell afterwards how far it came. The caller writes it to the journal before
  /// calling `swap`. Live content goes to `outgoing`, which must not exist;
  /// where there is no live database nothing goes there. Throws Error(busy)
  /// naming who is in the way.
  virtual std::string plan_swap(const ParkedName& incoming, const ParkedName& outgoing) = 0;
  /// `incoming` becomes live and stops to exist; live becomes `outgoing`; all or
  /// nothing, whenever it is killed. Returns proof for the new live content;
  /// none when somebody may have written since. With `expected` it throws Error(busy),
  /// having changed nothing, unless live provably is what that token was given for at
  /// the very moment of the exchange: who has looked before may drop what comes out.
  virtual std::optional<Token> swap(const std::string& plan,
                                    const std::optional<Token>& expected) = 0;
  std::optional<Token> swap(const std::string& plan) { return swap(plan, std::nullopt); }
  /// After a crash, or after `swap` threw: finds out how far it came and brings
  /// it to one of the two ends. Repeatable. Never discards content that it
  /// cannot prove to exist elsewhere.
  virtual Settled settle(const std::string& plan) = 0;

  // -- removal -------------------------------------------------------------
  /// Live ceases to exist if it provably is what `token` was given for when nobody can write to it
  /// any more; nobody's connection is closed for it. Throws Error(busy), having changed nothing,
  /// otherwise. The caller has that content elsewhere: killed, this leaves live, nothing,
  /// or what remains of live, which may be the parked copy `by_way_of`. No error when there is no
  /// live database.
  virtual void drop_live(const Token& token, const ParkedName& by_way_of) = 0;
};

class Engine {
 public:
  virtual ~Engine() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Throws Error(config) for a URL that it cannot understand or must not touch.
  virtual std::unique_ptr<Database> open(const DatabaseSpec& spec,
                                         const EngineContext& context) = 0;
};

/// Engines by name, loaded on first use. Not thread-safe; outlives what it opened.
class EngineRegistry {
 public:
  /// `module_dir` holds `quemsi-engine-*.so`.
  explicit EngineRegistry(std::filesystem::path module_dir);
  ~EngineRegistry();
  EngineRegistry(const EngineRegistry&) = delete;
  EngineRegistry& operator=(const EngineRegistry&) = delete;

  /// The engine that serves a URL, by its scheme. Throws Error(config) naming the known ones.
  [[nodiscard]] static std::string engine_of_url(std::string_view url);
  [[nodiscard]] static std::vector<std::string> names();
  /// Throws Error(config) for an unknown engine, Error(unsupported) when its
  /// module or a library that it needs is missing.
  std::unique_ptr<Database> open(const DatabaseSpec& spec, const EngineContext& context);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace quemsi

/// Exports the engine from its module (once per module, at namespace scope).
// NOLINTBEGIN(bugprone-macro-parentheses): it makes a definition
#define QUEMSI_ENGINE_ENTRY(Type)                                                     \
  extern "C" __attribute__((visibility("default"))) quemsi::Engine* quemsi_engine() { \
    static Type engine;                                                               \
    return &engine;                                                                   \
  }                                                                                   \
  static_assert(true)
// NOLINTEND(bugprone-macro-parentheses)
