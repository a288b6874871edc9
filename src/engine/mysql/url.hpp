// From a URL to a schema on a server.
//
// mysql://user:password@host:port/schema?socket=PATH&ssl-mode=MODE&ssl-ca=FILE...
//
// What the URL does not say, the client library takes from the groups [client] and [git-quemsi] of
// the user's option files (~/.my.cnf): user, password, socket, TLS. The host never comes from
// there.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/mysql/tls_mode.hpp"

namespace quemsi::mysql_engine {

class ConnectInfo {
 public:
  /// No I/O. Throws Error(config) for what is no URL of ours, and for no schema; never quotes the
  /// text, which may hold a password.
  static ConnectInfo parse(const std::string& text);

  /// The same server and user, another schema.
  [[nodiscard]] ConnectInfo to(const std::string& schema) const;

  [[nodiscard]] const std::string& schema() const noexcept { return schema_; }
  /// Empty: the option file's, else the system user's name.
  [[nodiscard]] const std::string& user() const noexcept { return user_; }
  [[nodiscard]] const std::optional<std::string>& password() const noexcept { return password_; }
  /// `localhost` unless given: the client library then uses a socket.
  [[nodiscard]] const std::string& host() const noexcept { return host_; }
  /// 0 unless given.
  [[nodiscard]] unsigned port() const noexcept { return port_; }
  /// A path; empty unless given.
  [[nodiscard]] const std::string& socket() const noexcept { return socket_; }
  /// Of the URL's query, in clear; none when it does not say.
  [[nodiscard]] std::optional<std::string> parameter(const std::string& key) const;
  [[nodiscard]] TlsMode tls() const noexcept { return tls_; }
  /// A unix socket or a loopback address.
  [[nodiscard]] bool is_local() const;

  /// The URL as it was given, with this schema in it: may hold a password.
  [[nodiscard]] std::string url() const;
  /// Equal for the same schema on the same server, as far as a name tells.
  [[nodiscard]] std::string location() const;
  /// For humans, without password.
  [[nodiscard]] std::string display() const;
  /// The server, for humans.
  [[nodiscard]] std::string server() const;

 private:
  std::string text_;
  std::string schema_;
  std::string user_;
  std::optional<std::string> password_;
  std::string host_;
  unsigned port_ = 0;
  std::string socket_;
  TlsMode tls_ = TlsMode::unsaid;
  std::map<std::string, std::string> parameters_;
};

/// Throws Error(config) for a host that is neither this machine nor in `allowed` ("*" is any).
void check_host(const ConnectInfo& info, const std::vector<std::string>& allowed);
/// Throws Error(config) for schemas that are not the application's: the server's own, our copies.
void check_live_name(std::string_view name);

}  // namespace quemsi::mysql_engine
