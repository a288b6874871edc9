#include "support/mariadb_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <regex>
#include <stdexcept>
#include <thread>

#include "support/mariadb_program.hpp"
#include "util/text.hpp"

namespace quemsi::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* password = "it's a secret";
std::string encode_percent(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    encoded += std::isalnum(byte) != 0 ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return encoded;
}

std::string decode_percent(const std::string& text) {
  std::string clear;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      clear += text[i];
      continue;
    }
    clear += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
    i += 2;
  }
  return clear;
}

/// Of a URL as MariadbServer::url() writes it.
struct Parts {
  std::string user;
  std::string password;
  std::string schema;
  std::string socket;
};

Parts parts_of(const std::string& url) {
  const std::size_t start = url.find("://") + 3;
  const std::size_t at = url.find('@');
  const std::size_t slash = url.find('/', at);
  const std::size_t query = url.find("?socket=");
  const std::string user = url.substr(start, at - start);
  const std::size_t colon = user.find(':');
  return {.user = decode_percent(user.substr(0, colon)),
          .password = colon == std::string::npos ? "" : decode_percent(user.substr(colon + 1)),
          .schema = decode_percent(url.substr(slash + 1, query - slash - 1)),
          .socket = decode_percent(url.substr(query + 8))};
}

Words client_words(const std::string& program, const Parts& parts) {
  Words words{program, "--no-defaults", "--default-character-set=utf8mb4",
              "--socket=" + parts.socket, "--user=" + parts.user};
  if (!parts.password.empty()) words.push_back("--password=" + parts.password);
  return words;
}

bool differs_by_run(const std::string& line) {
  return line.starts_with("-- ") || line.starts_with("/*!999999");
}

/// MySQL tells of a column's character set or not, depending on how its collation was named.
std::string without_implied_charsets(const std::string& line) {
  static const std::regex implied(" CHARACTER SET (\\w+) COLLATE (\\1_)");
  return server_is_mysql() ? std::regex_replace(line, implied, " COLLATE $2") : line;
}

std::string dump_by(const Parts& parts) {
  Words argv = client_words(dump_program(), parts);
  argv.insert(argv.end(), {"--routines", "--events", "--triggers", "--hex-blob", "--skip-comments",
                           "--single-transaction", "--order-by-primary"});
  argv.push_back(server_is_mysql() ? "--set-gtid-purged=OFF" : "--dump-history");
  argv.push_back(parts.schema);
  std::string text;
  for (const std::string& line : split(run_program(argv), '\n')) {
    if (!differs_by_run(line)) text += without_implied_charsets(line) + "\n";
  }
  return text;
}

/// Fits nothing else.
std::string pattern_of(const std::string& schema) {
  std::string pattern;
  for (const char c : schema) pattern += (c == '_' || c == '%' ? "\\" : "") + std::string(1, c);
  return mariadb_name(pattern);
}

}  // namespace

std::string mariadb_name(const std::string& name) {
  std::string quoted = "`";
  for (const char c : name) quoted += c == '`' ? "``" : std::string(1, c);
  return quoted + "`";
}

std::string mariadb_text(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

MariadbServer::MariadbServer(MariadbOptions options)
    : options_(std::move(options)),
      folder_(options_.parent),
      data_(folder_.path() / "the data"),
      sockets_(folder_.path() / "a socket"),
      socket_(sockets_ / "s") {
  fs::create_directory(sockets_);
  give_to_server_user(folder_.path());
  make_server_data(data_);
  start();
  admin(
      fmt::format("CREATE USER app@localhost; CREATE USER plain@localhost;"
                  "CREATE USER secret@localhost IDENTIFIED BY {};"
                  "GRANT ALL ON `quemsi\\_%`.* TO app@localhost, secret@localhost;",
                  mariadb_text(password)));
  // Without it there are no proofs on MySQL.
  if (server_is_mysql()) {
    admin("GRANT PROCESS ON *.* TO app@localhost, plain@localhost, secret@localhost");
  }
}

MariadbServer::~MariadbServer() {
  try {
    if (process_) stop_immediately();
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

bool MariadbServer::is_ready() const {
  return try_client(url("", "root"), "SELECT 1").exit_code == 0;
}

void MariadbServer::start() {
  Words argv{"sh", "-c", "log=$0; exec \"$@\" >>\"$log\" 2>&1", (data_ / "log").string()};
  const Words program = server_words();
  argv.insert(argv.end(), program.begin(), program.end());
  const Words own{
      "--datadir=" + data_.string(), "--socket=" + socket_.string(), "--skip-networking",
      "--skip-log-bin", "--pid-file=" + (sockets_ / "pid").string(),
      // Servers that share one remove each other's temporary tables.
      "--tmpdir=" + sockets_.string(), "--innodb-buffer-pool-size=32M",
      "--innodb-flush-log-at-trx-commit=2", "--innodb-flush-method=nosync", "--loose-sync-frm=OFF",
      // A recalculation of its own would be a change of its own.
      "--innodb-stats-auto-recalc=OFF", "--event-scheduler=OFF",
      "--loose-cte-max-recursion-depth=1000000"};
  argv.insert(argv.end(), own.begin(), own.end());
  argv.insert(argv.end(), options_.settings.begin(), options_.settings.end());
  process_ = std::make_unique<RunningCommand>(CommandRequest{
      .argv = as_server_user(argv), .cwd = "/", .environment = program_environment()});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!is_ready()) {
    if (std::chrono::steady_clock::now() > deadline || kill(process_->pid(), 0) != 0) {
      throw std::runtime_error("the MariaDB server does not start");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void MariadbServer::finish(int signal) {
  process_->send_signal(signal);
  const CommandResult result = process_->finish();
  process_.reset();
  if (result.timed_out) throw std::runtime_error("the MariaDB server does not stop");
}

void MariadbServer::stop() { finish(SIGTERM); }

void MariadbServer::stop_immediately() { finish(SIGKILL); }

std::string MariadbServer::url(const std::string& schema, const std::string& user,
                               const std::string& given_password) const {
  const std::string secret = given_password.empty() ? "" : ":" + encode_percent(given_password);
  return fmt::format("mysql://{}{}@localhost/{}?socket={}", user, secret, encode_percent(schema),
                     encode_percent(socket_.string()));
}

CommandResult MariadbServer::try_client(const std::string& url, const std::string& sql) {
  const Parts parts = parts_of(url);
  Words argv = client_words("mariadb", parts);
  argv.insert(argv.end(), {"--batch", "--skip-column-names"});
  if (!parts.schema.empty()) argv.push_back("--database=" + parts.schema);
  return run_command(
      {.argv = argv, .cwd = "/", .environment = program_environment(), .input = sql + "\n"});
}

std::string MariadbServer::client(const std::string& url, const std::string& sql) {
  const CommandResult result = try_client(url, sql);
  if (result.exit_code != 0) {
    throw std::runtime_error(
        fmt::format("mariadb ended with {}: {}{}", result.exit_code, result.err, result.out));
  }
  return result.out;
}

std::string MariadbServer::admin(const std::string& sql, const std::string& schema) const {
  return client(url(schema, "root"), sql);
}

void MariadbServer::create(const std::string& schema) const {
  drop(schema);
  admin("CREATE DATABASE " + mariadb_name(schema) + " CHARACTER SET utf8mb4");
  grant(schema);
}

void MariadbServer::grant(const std::string& schema) const {
  admin("GRANT ALL ON " + pattern_of(schema) + ".* TO app@localhost, secret@localhost");
}

void MariadbServer::grant_plain(const std::string& schema) const {
  admin("GRANT ALL ON " + pattern_of(schema) + ".* TO plain@localhost");
}

void MariadbServer::drop(const std::string& schema) const {
  admin("DROP DATABASE IF EXISTS " + mariadb_name(schema));
}

void MariadbServer::drop_parked() const {
  for (const std::string& name :
       split(admin("SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE "
                   "'quemsi\\_%'"),
             '\n')) {
    if (!name.empty()) drop(name);
  }
}

std::string MariadbServer::dump(const std::string& schema) const {
  return dump_by(parts_of(url(schema, "root")));
}

std::string MariadbServer::dump_url(const std::string& url) {
  Parts parts = parts_of(url);
  parts.user = "root";
  parts.password.clear();
  return dump_by(parts);
}

MariadbServer& shared_mariadb() {
  static std::unique_ptr<MariadbServer> server;
  /// Stopped before the process's end, when all of it still works.
  struct Stop : testing::Environment {
    void TearDown() override { server.reset(); }
  };
  if (!server) {
    server = std::make_unique<MariadbServer>();
    testing::AddGlobalTestEnvironment(std::make_unique<Stop>().release());
  }
  return *server;
}

}  // namespace quemsi::test
