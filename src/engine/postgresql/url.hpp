// From a URL, or libpq's key=value text, to a database on a server.
//
// libpq itself adds what is not said: the environment's PG variables, a service
// file, its defaults. Passwords that are in none of these (~/.pgpass) it looks up
// when it connects.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quemsi::postgresql_engine {

class ConnectInfo {
 public:
  /// Connects to nothing. Throws Error(config) for what libpq cannot read, for several
  /// servers at once and for no database; never quotes the text, which may hold a password.
  static ConnectInfo parse(const std::string& text);

  /// The same server and user, another database.
  [[nodiscard]] ConnectInfo to(const std::string& database) const;
  /// For connecting only, since url() may tell it. Unchanged when it is empty.
  [[nodiscard]] ConnectInfo with_password(const std::string& password) const;

  [[nodiscard]] const std::string& database() const noexcept { return database_; }
  [[nodiscard]] const std::string& user() const noexcept { return user_; }
  /// A name, an address, or a socket's folder; empty for libpq's own default folder.
  [[nodiscard]] const std::string& host() const noexcept { return host_; }
  [[nodiscard]] const std::string& port() const noexcept { return port_; }
  /// A unix socket or a loopback address.
  [[nodiscard]] bool is_local() const;

  /// What the text said, by libpq's keywords; the database among it.
  [[nodiscard]] const std::map<std::string, std::string>& given() const noexcept { return given_; }
  /// The password that the text held.
  [[nodiscard]] std::optional<std::string> password() const;
  /// key=value text without password, for a tool's arguments.
  [[nodiscard]] std::string arguments() const;
  /// The text as it was given, with this database in it: may hold a password.
  [[nodiscard]] std::string url() const;
  /// Equal for the same database on the same server, as far as a name tells.
  [[nodiscard]] std::string location() const;
  /// For humans, without password.
  [[nodiscard]] std::string display() const;
  /// The server, for humans.
  [[nodiscard]] std::string server() const;

 private:
  std::string text_;
  std::map<std::string, std::string> given_;
  std::string database_;
  std::string user_;
  std::string host_;
  std::string port_;
};

/// Throws Error(config) for a host that is neither on this machine nor in `allowed` ("*" is any).
void check_host(const ConnectInfo& info, const std::vector<std::string>& allowed);
/// Throws Error(config) for databases that are not the application's: the server's own, our copies.
void check_live_name(std::string_view name);

}  // namespace quemsi::postgresql_engine
