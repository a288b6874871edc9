#include "support/postgres_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <thread>

#include "support/server_account.hpp"
#include "util/file_lock.hpp"
#include "util/text.hpp"

namespace quemsi::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* password = "it's a secret";

/// Where PostgreSQL's programs are: the machine's, or those that install-server.sh put elsewhere.
std::string server_bin() {
  const char* wanted = std::getenv("QUEMSI_TEST_POSTGRES_BIN");
  return wanted != nullptr ? wanted : QUEMSI_POSTGRES_BIN;
}

std::map<std::string, std::string> environment() {
  return {{"PATH", server_bin() + ":/usr/bin:/bin"},
          {"LC_ALL", "C.UTF-8"},
          {"PGCONNECT_TIMEOUT", "60"}};
}

/// A client: not Debian's wrapper, which takes longer than what it starts.
std::string program(const std::string& name) { return server_bin() + "/" + name; }

const ServerAccount account("postgres");

std::string run(const Words& argv, const fs::path& cwd = "/") {
  const CommandResult result =
      run_command({.argv = argv, .cwd = cwd, .environment = environment()});
  if (result.exit_code == 0) return result.out;
  throw std::runtime_error(argv.front() + ": " + result.err + result.out);
}

/// How a database is made: copying files waits for a checkpoint, which costs nothing without fsync;
/// then it takes half as long as writing all of it to the log. Before 15, it is the only way.
const char* strategy_of(const PostgresOptions& options) {
  static const bool has_both =
      std::stoi(split(run({program("postgres"), "--version"}), ' ').at(2)) >= 15;
  if (!has_both) return "";
  return options.fsync ? " STRATEGY wal_log" : " STRATEGY file_copy";
}

void make_cluster(const fs::path& data) {
  run(account.run_as("INT", {"initdb", "-D", data.string(), "-U", "postgres", "-A", "trust", "-E",
                             "UTF8", "--locale=C.UTF-8", "--no-sync"}));
}

/// initdb takes seconds: it is run once in a build folder, and copied.
void copy_cluster(const fs::path& folder, const fs::path& data) {
  const fs::path cache = fmt::format("{}-{:x}{}", QUEMSI_POSTGRES_CACHE,
                                     std::hash<std::string>{}(server_bin()), account.suffix());
  fs::create_directories(cache.parent_path());
  const FileLock lock =
      FileLock::lock(cache.string() + ".lock", LockMode::exclusive, std::chrono::minutes(2));
  if (!fs::exists(cache)) {
    const fs::path made = folder / "made";
    make_cluster(made);
    const std::string temporary = cache.string() + ".tmp";
    fs::remove_all(temporary);
    run({"cp", "-a", made.string(), temporary});
    fs::rename(temporary, cache);
    fs::remove_all(made);
  }
  run({"cp", "-a", "--reflink=auto", cache.string(), data.string()});
  account.give(data);
}

std::string quoted_setting(const std::string& value) {
  std::string quoted = "'";
  for (const char c : value) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

void write_settings(const fs::path& data, const fs::path& sockets, const PostgresOptions& options) {
  std::ofstream file(data / "postgresql.conf", std::ios::app);
  file << "listen_addresses = ''\n"
       << "unix_socket_directories = " << quoted_setting(sockets.string()) << "\n"
       << "password_encryption = 'scram-sha-256'\n"
       << "fsync = " << (options.fsync ? "on" : "off") << "\n"
       << "shared_buffers = 32MB\nmax_connections = 60\nmax_prepared_transactions = 5\n"
       << "wal_level = logical\nautovacuum = off\n";
  for (const std::string& line : options.settings) file << line << "\n";
  std::ofstream access(data / "pg_hba.conf");
  access << "local all secret scram-sha-256\nlocal all all trust\nlocal replication all trust\n";
}

std::string encode_percent(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    encoded += std::isalnum(byte) != 0 ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return encoded;
}

/// PostgreSQL 12 has no WITH (FORCE); it waits for those who are leaving.
std::string dropping(const std::string& which) {
  return "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname " + which +
         ";\nSELECT format('DROP DATABASE IF EXISTS %I', datname) FROM pg_database WHERE datname " +
         which + " \\gexec\n";
}

bool is_ready(const fs::path& data) {
  std::ifstream file(data / "postmaster.pid");
  std::string last;
  for (std::string line; std::getline(file, line);) last = line;
  return trim(last) == "ready";
}

bool differs_by_run(const std::string& line) {
  return line.starts_with("\\restrict") || line.starts_with("\\unrestrict") ||
         line.starts_with("-- Dumped");
}

}  // namespace

std::string sql_name(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string sql_text(const std::string& text) { return quoted_setting(text); }

PostgresServer::PostgresServer(PostgresOptions options)
    : folder_(options.parent),
      strategy_(strategy_of(options)),
      data_(folder_.path() / "the data"),
      sockets_(folder_.path() / "a socket") {
  fs::create_directory(sockets_);
  account.give(folder_.path());
  copy_cluster(folder_.path(), data_);
  write_settings(data_, sockets_, options);
  start();
  admin(
      "CREATE ROLE app LOGIN CREATEDB; CREATE ROLE plain LOGIN;"
      "CREATE ROLE secret LOGIN CREATEDB PASSWORD " +
      sql_text(password));
}

PostgresServer::~PostgresServer() {
  try {
    if (postmaster_) stop_immediately();
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

void PostgresServer::start() {
  // Through a shell, so that nobody has to read what it logs.
  postmaster_ = std::make_unique<RunningCommand>(CommandRequest{
      .argv = account.run_as("INT",
                             {"sh", "-c", "exec postgres -D \"$0\" 2>>\"$0/log\"", data_.string()}),
      .cwd = "/",
      .environment = environment()});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!is_ready(data_)) {
    if (std::chrono::steady_clock::now() > deadline || kill(postmaster_->pid(), 0) != 0) {
      throw std::runtime_error("the PostgreSQL server does not start");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void PostgresServer::finish(int signal) {
  postmaster_->send_signal(signal);
  const CommandResult result = postmaster_->finish();
  postmaster_.reset();
  fs::remove(data_ / "postmaster.pid");
  if (result.timed_out) throw std::runtime_error("the PostgreSQL server does not stop");
}

void PostgresServer::stop() { finish(SIGINT); }

void PostgresServer::stop_immediately() { finish(SIGQUIT); }

void PostgresServer::signal_backend(const std::string& pid, int signal) const {
  if (kill(std::stoi(pid), signal) != 0) throw std::runtime_error("no process " + pid);
}

std::string PostgresServer::url(const std::string& database, const std::string& user,
                                const std::string& given_password) const {
  const std::string secret = given_password.empty() ? "" : ":" + encode_percent(given_password);
  return fmt::format("postgresql://{}{}@{}/{}", user, secret, encode_percent(sockets_.string()),
                     encode_percent(database));
}

CommandResult PostgresServer::try_psql(const std::string& url, const std::string& sql) {
  return run_command(
      {.argv = {program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url},
       .cwd = "/",
       .environment = environment(),
       .input = sql + "\n"});
}

std::string PostgresServer::psql(const std::string& url, const std::string& sql) {
  const CommandResult result = try_psql(url, sql);
  if (result.exit_code != 0) {
    throw std::runtime_error(
        fmt::format("psql ended with {}: {}{}", result.exit_code, result.err, result.out));
  }
  return result.out;
}

std::string PostgresServer::admin(const std::string& sql, const std::string& database) const {
  return psql(url(database, "postgres"), sql);
}

void PostgresServer::create(const std::string& database) const {
  admin(dropping("= " + sql_text(database)) + "CREATE DATABASE " + sql_name(database) +
        " OWNER app" + strategy_);
}

void PostgresServer::drop_parked() const { admin(dropping("LIKE 'quemsi\\_%'")); }

void PostgresServer::drop(const std::string& database) const {
  admin(dropping("= " + sql_text(database)));
}

std::string PostgresServer::dump(const std::string& url, const Words& options) {
  Words argv{program("pg_dump"), "-d", url};
  argv.insert(argv.end(), options.begin(), options.end());
  std::string text;
  Words rows;
  bool in_rows = false;
  for (std::string& line : split(run(argv), '\n')) {
    if (!in_rows && differs_by_run(line)) continue;
    if (in_rows && line == "\\.") {
      std::ranges::sort(rows);
      text += join(rows, "\n") + "\n";
      rows.clear();
      in_rows = false;
    }
    if (in_rows) {
      rows.push_back(std::move(line));
      continue;
    }
    text += line + "\n";
    in_rows = line.starts_with("COPY ") && line.ends_with(" FROM stdin;");
  }
  return text;
}

PostgresServer& shared_postgres() {
  static std::unique_ptr<PostgresServer> server;
  /// Stopped before the process's end, when all of it still works.
  struct Stop : testing::Environment {
    void TearDown() override { server.reset(); }
  };
  if (!server) {
    server = std::make_unique<PostgresServer>();
    testing::AddGlobalTestEnvironment(std::make_unique<Stop>().release());
  }
  return *server;
}

}  // namespace quemsi::test
