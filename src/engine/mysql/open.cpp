// How a connection is opened.
#include <fmt/format.h>

#include <array>

#include "engine/mysql/connect_error.hpp"
#include "engine/mysql/connection.hpp"
#include "engine/mysql/local_files.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr unsigned no_socket = 2002;

struct TextOption {
  const char* parameter;
  mysql_option option;
};

constexpr std::array<TextOption, 5> tls_options{{{"ssl-ca", MYSQL_OPT_SSL_CA},
                                                 {"ssl-capath", MYSQL_OPT_SSL_CAPATH},
                                                 {"ssl-cert", MYSQL_OPT_SSL_CERT},
                                                 {"ssl-key", MYSQL_OPT_SSL_KEY},
                                                 {"ssl-cipher", MYSQL_OPT_SSL_CIPHER}}};

#ifdef MARIADB_BASE_VERSION
using Flag = my_bool;

void require_tls(MYSQL* connection, bool verify) {
  const Flag yes = 1;
  mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &yes);
  const Flag check = verify ? 1 : 0;
  mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &check);
}

void refuse_tls(MYSQL* connection) {
  const Flag no = 0;
  mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &no);
}

#else

void require_tls(MYSQL* connection, bool verify) {
  const unsigned mode = verify ? SSL_MODE_VERIFY_IDENTITY : SSL_MODE_REQUIRED;
  mysql_options(connection, MYSQL_OPT_SSL_MODE, &mode);
}

void refuse_tls(MYSQL* connection) {
  const unsigned mode = SSL_MODE_DISABLED;
  mysql_options(connection, MYSQL_OPT_SSL_MODE, &mode);
}
#endif

void set_tls(MYSQL* connection, const ConnectInfo& info) {
  for (const TextOption& option : tls_options) {
    const auto value = info.parameter(option.parameter);
    if (value) mysql_options(connection, option.option, value->c_str());
  }
  if (info.tls() == TlsMode::disabled) refuse_tls(connection);
  if (info.tls() >= TlsMode::required) require_tls(connection, info.tls() == TlsMode::verified);
}

CHandle<MYSQL, mysql_close> prepare(const ConnectInfo& info) {
  CHandle<MYSQL, mysql_close> connection(mysql_init(nullptr));
  if (!connection) throw std::bad_alloc();
  mysql_options(connection.get(), MYSQL_READ_DEFAULT_GROUP, application);
  mysql_options(connection.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_options4(connection.get(), MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", application);
  constexpr unsigned seconds = 20;
  mysql_options(connection.get(), MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  const unsigned on = 1;
  mysql_options(connection.get(), MYSQL_OPT_LOCAL_INFILE, &on);
  refuse_files(connection.get());
  set_tls(connection.get(), info);
  return connection;
}

bool connect(MYSQL* connection, const ConnectInfo& info, const char* host) {
  const auto text = [](const std::string& value) {
    return value.empty() ? nullptr : value.c_str();
  };
  const char* password = info.password() ? info.password()->c_str() : nullptr;
  return mysql_real_connect(connection, host, text(info.user()), password, nullptr, info.port(),
                            text(info.socket()), 0) != nullptr;
}

}  // namespace

Connection Connection::open(const ConnectInfo& info) {
  const bool by_socket = !info.socket().empty();
  auto handle = prepare(info);
  bool connected = connect(handle.get(), info, by_socket ? "localhost" : info.host().c_str());
  // `localhost` is a socket to the client library, but a port of this machine to most applications.
  if (!connected && !by_socket && info.host() == "localhost" && info.port() != 0 &&
      mysql_errno(handle.get()) == no_socket) {
    handle = prepare(info);
    connected = connect(handle.get(), info, "127.0.0.1");
  }
  if (!connected) throw connect_error(info, mysql_errno(handle.get()), mysql_error(handle.get()));
  Connection connection(std::move(handle));
  connection.pin_settings();
  return connection;
}

}  // namespace quemsi::mysql_engine
