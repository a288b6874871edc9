#include "engine/postgresql/connect_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "engine/postgresql/connection.hpp"
#include "util/text.hpp"

namespace quemsi::postgresql_engine {
namespace {

struct Refusal {
  std::string state;  ///< empty when no server answered
  std::string text;
};

bool is_sqlstate(std::string_view text) {
  return text.size() == 5 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

/// "...failed: FATAL:  3D000: database ... does not exist\nLOCATION: ..."; only the words before
/// the two spaces are translated.
Refusal parse(std::string_view message) {
  for (std::size_t at = message.find(":  "); at != npos; at = message.find(":  ", at + 1)) {
    const std::string_view state = message.substr(at + 3, 5);
    const std::string_view rest = message.substr(std::min(at + 3 + state.size(), message.size()));
    if (!is_sqlstate(state) || !rest.starts_with(": ")) continue;
    return {std::string(state), std::string(trim(rest.substr(2, rest.find('\n') - 2)))};
  }
  return {{}, std::string(trim(message))};
}

Error unreachable(const ConnectInfo& info, const std::string& text) {
  Error error(ErrorKind::engine,
              fmt::format("cannot reach the PostgreSQL server at {}", info.server()));
  for (const std::string& line : split(text, '\n')) error.cause(std::string(trim(line)));
  error.hint("start it, or correct host and port in the URL");
  return error;
}

Error no_login(const ConnectInfo& info) {
  return Error(ErrorKind::engine, fmt::format("the PostgreSQL server at {} refused user {}",
                                              info.server(), info.user()))
      .hint("correct user and password in the URL, or put the password into ~/.pgpass");
}

Error for_state(const ConnectInfo& info, const std::string& state) {
  const std::string& database = info.database();
  if (state.starts_with("28")) return no_login(info);
  if (state == sqlstate::no_database) {
    return {ErrorKind::engine,
            fmt::format("there is no database {} on {}", database, info.server())};
  }
  if (state == sqlstate::no_privilege) {
    return Error(ErrorKind::engine,
                 fmt::format("user {} may not connect to database {}", info.user(), database))
        .hint(fmt::format("as its owner: GRANT CONNECT ON DATABASE {} TO {};",
                          quote_identifier(database), quote_identifier(info.user())));
  }
  if (state == "53300" || state == "57P03") {
    return Error(ErrorKind::busy,
                 fmt::format("the PostgreSQL server at {} lets nobody in now", info.server()))
        .hint("try again in a moment");
  }
  return {ErrorKind::engine,
          fmt::format("cannot connect to database {} on {}", database, info.server())};
}

}  // namespace

Error connect_error(const ConnectInfo& info, const PGconn* connection) {
  const Refusal refusal = parse(PQerrorMessage(connection));
  if (PQconnectionNeedsPassword(connection) != 0) {
    Error error = no_login(info);
    error.cause("it wants a password, and none is given")
        .sqlstate(std::string(sqlstate::no_password));
    return error;
  }
  if (refusal.state.empty()) return unreachable(info, refusal.text);
  Error error = for_state(info, refusal.state);
  error.cause(refusal.text).sqlstate(refusal.state);
  return error;
}

Error connect_timeout(const ConnectInfo& info) {
  return Error(ErrorKind::busy, fmt::format("database {} on {} let nobody in for too long",
                                            info.database(), info.server()))
      .cause("it may be being copied, renamed or recovered")
      .hint("try again in a moment");
}

Error connection_lost(const PGconn* connection, const std::string& state) {
  Error error(ErrorKind::engine,
              fmt::format("the connection to database {} was lost", PQdb(connection)));
  for (const std::string& line : split(trim(PQerrorMessage(connection)), '\n')) {
    error.cause(std::string(trim(line)));
  }
  error.sqlstate(state);
  return error;
}

}  // namespace quemsi::postgresql_engine
