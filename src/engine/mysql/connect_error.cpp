#include "engine/mysql/connect_error.hpp"

#include <fmt/format.h>

namespace quemsi::mysql_engine {
namespace {

constexpr unsigned first_of_client = 2000;

Error for_code(const ConnectInfo& info, unsigned error) {
  const std::string server = info.server();
  if (error == 1045 || error == 1698 || error == 1251) {
    return Error(ErrorKind::engine, fmt::format("the MySQL server at {} refused user {}", server,
                                                info.user().empty() ? "(none)" : info.user()))
        .hint("correct user and password in the URL, or put the password into ~/.my.cnf");
  }
  if (error == 1040 || error == 1203 || error == 1226 || error == 1129) {
    return Error(ErrorKind::busy, fmt::format("the MySQL server at {} lets nobody in now", server))
        .hint("try again in a moment");
  }
  if (error == 2026) {
    return Error(ErrorKind::engine,
                 fmt::format("no encrypted connection to the MySQL server at {}", server))
        .hint("correct ssl-mode and ssl-ca in the URL");
  }
  if (error >= first_of_client) {
    return Error(ErrorKind::engine, fmt::format("cannot reach the MySQL server at {}", server))
        .hint("start it, or correct host, port and socket in the URL");
  }
  return {ErrorKind::engine, fmt::format("cannot connect to the MySQL server at {}", server)};
}

}  // namespace

Error connect_error(const ConnectInfo& info, unsigned error, const std::string& text) {
  Error result = for_code(info, error);
  result.cause(text);
  return result;
}

}  // namespace quemsi::mysql_engine
