// A MariaDB server, or MySQL's (see mariadb_program.hpp), that tests have for themselves: never the
// machine's own.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "support/command.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::test {

struct MariadbOptions {
  Words settings = {};  ///< further options of mariadbd
  /// Where its folder is made.
  std::filesystem::path parent = std::filesystem::temp_directory_path();
};

/// Listens on a socket in a folder whose name has spaces. Users: `root`; `app`, with all privileges
/// on the schemas that create() and grant() name and on parked copies, and none else; `secret`, the
/// same with the password "it's a secret"; `plain`, with no privilege but those of grant_plain().
/// Stopped and removed on destruction, and when this process dies.
class MariadbServer {
 public:
  explicit MariadbServer(MariadbOptions options = {});
  ~MariadbServer();
  MariadbServer(const MariadbServer&) = delete;
  MariadbServer& operator=(const MariadbServer&) = delete;

  /// Returns once it accepts connections.
  void start();
  /// As by `mariadb-admin shutdown`.
  void stop();
  /// A crash, as far as the database is concerned.
  void stop_immediately();

  [[nodiscard]] const std::filesystem::path& socket() const noexcept { return socket_; }
  [[nodiscard]] std::string url(const std::string& schema, const std::string& user = "app",
                                const std::string& password = "") const;
  /// What the client prints, rows only. Throws std::runtime_error with its message.
  static std::string client(const std::string& url, const std::string& sql);
  [[nodiscard]] static CommandResult try_client(const std::string& url, const std::string& sql);
  /// What root runs.
  std::string admin(const std::string& sql, const std::string& schema = "mysql") const;
  /// A new schema that `app` may use; one of that name is dropped before.
  void create(const std::string& schema) const;
  void grant(const std::string& schema) const;
  /// `plain` may use the schema of that name, and make it: for the rest of the server's life.
  void grant_plain(const std::string& schema) const;
  void drop(const std::string& schema) const;
  void drop_parked() const;
  /// What mariadb-dump writes, as root, without what differs from run to run.
  [[nodiscard]] std::string dump(const std::string& schema) const;
  [[nodiscard]] static std::string dump_url(const std::string& url);

 private:
  void finish(int signal);
  [[nodiscard]] bool is_ready() const;

  MariadbOptions options_;
  TempDir folder_;
  std::filesystem::path data_;
  std::filesystem::path sockets_;
  std::filesystem::path socket_;
  std::unique_ptr<RunningCommand> process_;
};

/// One for the whole process, started when it is first asked for.
MariadbServer& shared_mariadb();

/// For statements that tests write themselves.
std::string mariadb_name(const std::string& name);
std::string mariadb_text(const std::string& text);

}  // namespace quemsi::test
