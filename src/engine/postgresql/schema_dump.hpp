// The schema of a database as pg_dump tells it, while we go on.
#pragma once

#include <chrono>
#include <future>
#include <optional>
#include <string>

#include "engine/postgresql/definitions.hpp"
#include "engine/postgresql/script.hpp"
#include "engine/postgresql/server.hpp"
#include "util/process.hpp"

namespace quemsi::postgresql_engine {

class SchemaDump {
 public:
  /// Starts pg_dump in the exported `snapshot` of `session`, a transaction that must go on until
  /// this is done.
  SchemaDump(const Server& server, const Connection& session, const std::string& snapshot,
             Content content);
  /// Waits for pg_dump to end.
  ~SchemaDump() = default;
  SchemaDump(const SchemaDump&) = delete;
  SchemaDump& operator=(const SchemaDump&) = delete;

  /// What pg_stat_activity calls it.
  [[nodiscard]] const std::string& application_name() const noexcept { return name_; }
  /// Waits for it, so long at most.
  [[nodiscard]] bool ends_within(std::chrono::milliseconds limit) const;
  /// Waits for it. Throws Error(unsupported) when pg_dump is missing or older than the server,
  /// Error(engine) when it has failed.
  void wait() const;
  /// What it has written; waits and throws as wait().
  [[nodiscard]] SplitScript script() const;
  /// What the definitions were like once it had ended; waits and throws as wait().
  [[nodiscard]] const Definitions& definitions() const;

 private:
  struct Ended {
    ProcessResult process;
    Definitions definitions;
  };
  static Ended run(const ProcessRequest& request, const ConnectInfo& info);
  [[nodiscard]] const Ended& ended() const;

  std::string name_;
  std::string program_;
  std::string server_version_;
  std::shared_future<Ended> ended_;
};

}  // namespace quemsi::postgresql_engine
