// A PostgreSQL server that tests have for themselves: never the machine's own.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "support/command.hpp"
#include "support/temp_dir.hpp"

namespace quemsi::test {

struct PostgresOptions {
  bool fsync = false;   ///< only what a crash of the machine would lose
  Words settings = {};  ///< further lines of postgresql.conf
  /// Where its folder is made.
  std::filesystem::path parent = std::filesystem::temp_directory_path();
};

/// Listens on a socket in a folder whose name has spaces. Roles: `postgres`, the superuser; `app`,
/// which may create databases; `plain`, which may not; `secret`, whose password is "it's a secret".
/// Stopped and removed on destruction, and when this process dies.
class PostgresServer {
 public:
  explicit PostgresServer(PostgresOptions options = {});
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// Returns once it accepts connections.
  void start();
  /// As by `pg_ctl stop -m fast`.
  void stop();
  /// As by `pg_ctl stop -m immediate`: a crash, as far as the database is concerned.
  void stop_immediately();
  /// SIGSTOP and SIGCONT are not for the whole server; this is for the one process of a session.
  void signal_backend(const std::string& pid, int signal) const;

  [[nodiscard]] const std::filesystem::path& socket_folder() const noexcept { return sockets_; }
  [[nodiscard]] std::string url(const std::string& database, const std::string& user = "app",
                                const std::string& password = "") const;
  /// What psql prints, unaligned, rows only. Throws std::runtime_error with its message.
  static std::string psql(const std::string& url, const std::string& sql);
  [[nodiscard]] static CommandResult try_psql(const std::string& url, const std::string& sql);
  /// What the superuser runs.
  std::string admin(const std::string& sql, const std::string& database = "postgres") const;
  /// A new database of `app`'s; one of that name is dropped before.
  void create(const std::string& database) const;
  void drop(const std::string& database) const;
  /// All copies of ours that are left.
  void drop_parked() const;
  /// What pg_dump writes, with rows in order and without what differs from run to run.
  [[nodiscard]] static std::string dump(const std::string& url, const Words& options = {});

 private:
  void finish(int signal);

  TempDir folder_;
  std::string strategy_;  ///< of CREATE DATABASE
  std::filesystem::path data_;
  std::filesystem::path sockets_;
  std::unique_ptr<RunningCommand> postmaster_;
};

/// One for the whole process, started when it is first asked for.
PostgresServer& shared_postgres();

/// For statements that tests write themselves.
std::string sql_name(const std::string& name);
std::string sql_text(const std::string& text);

}  // namespace quemsi::test
