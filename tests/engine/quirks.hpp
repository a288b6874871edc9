// What the conformance suite must know of an engine in order to be somebody else:
// an application, a client, an administrator.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "quemsi/engine.hpp"

namespace quemsi::test {

/// A connection that an application keeps open, in a process of its own.
class Application {
 public:
  virtual ~Application() = default;
  /// Answers what SQL answers, or the server's error text.
  virtual std::string run(const std::string& sql) = 0;
  /// Ends as by SIGKILL.
  virtual void kill() = 0;
  /// How a busy error is to name it.
  [[nodiscard]] virtual std::string process_name() const = 0;
};

class Quirks {
 public:
  virtual ~Quirks() = default;
  [[nodiscard]] virtual std::string engine() const = 0;
  /// A new live database, of the name in `folder`, with an empty table
  /// `items(id INTEGER PRIMARY KEY, label TEXT)` with an index, a view and a trigger.
  virtual DatabaseSpec create(const std::filesystem::path& folder, const std::string& name) = 0;
  /// A database that does not exist yet.
  virtual DatabaseSpec absent(const std::filesystem::path& folder, const std::string& name) = 0;
  /// A database that publishing may fill: absent, or, where none can be made, without content.
  virtual DatabaseSpec vacant(const std::filesystem::path& folder, const std::string& name) {
    return absent(folder, name);
  }
  /// A URL at which what a parked copy holds now can be read.
  virtual std::string readable(Database& database, const ParkedName& name) {
    return database.parked_url(name);
  }
  /// SQL through a client that is not ours, connected for this call only.
  virtual std::string run(const std::string& url, const std::string& sql) = 0;
  /// Everything that a database holds, as the engine's own tool dumps it.
  virtual std::string dump(const std::string& url) = 0;
  virtual std::unique_ptr<Application> connect(const std::string& url) = 0;
  /// Statements that hold a read or write lock until COMMIT.
  [[nodiscard]] virtual std::string begin_reading() const = 0;
  [[nodiscard]] virtual std::string begin_writing() const = 0;
  /// True when an application that reads keeps live from being swapped, unless it is closed.
  [[nodiscard]] virtual bool readers_block_swap() const = 0;
  /// True when any connection does, so that the policy for connections counts.
  [[nodiscard]] virtual bool connections_block_swap() const = 0;
  /// True when applications can connect to parked copies.
  [[nodiscard]] virtual bool has_parked_urls() const { return true; }
  /// True when a live database that is absent can be made.
  [[nodiscard]] virtual bool makes_databases() const { return true; }
  /// True when proofs are the whole server's: making or dropping a copy ends them.
  [[nodiscard]] virtual bool copies_end_proofs() const = 0;
};

using MakeQuirks = std::function<std::unique_ptr<Quirks>()>;

}  // namespace quemsi::test
