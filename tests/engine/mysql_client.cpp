#include "engine/mysql_client.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "engine/mysql/url.hpp"

namespace quemsi::test {
namespace {

using Clock = std::chrono::steady_clock;

std::string rows_of(MYSQL_RES* rows) {
  std::string text;
  const unsigned columns = mysql_num_fields(rows);
  while (MYSQL_ROW row = mysql_fetch_row(rows)) {
    for (unsigned i = 0; i < columns; ++i) {
      text += (i == 0 ? "" : "|") + std::string(row[i] == nullptr ? "NULL" : row[i]);
    }
    text += "\n";
  }
  return text;
}

/// By somebody else: a statement outside a transaction was not carried out, and applications that
/// pool connections send it again.
bool was_closed(unsigned error) { return error == 2006 || error == 2013 || error == 1927; }

}  // namespace

MysqlApplication::MysqlApplication(const std::string& url) {
  const auto info = quemsi::mysql_engine::ConnectInfo::parse(url);
  user_ = info.user();
  password_ = info.password().value_or("");
  schema_ = info.schema();
  socket_ = info.socket();
  connect();
}

void MysqlApplication::connect() {
  connection_.reset(mysql_init(nullptr));
  if (mysql_real_connect(connection_.get(), "localhost", user_.c_str(), password_.c_str(),
                         schema_.c_str(), 0, socket_.c_str(), CLIENT_MULTI_STATEMENTS) == nullptr) {
    throw std::runtime_error(mysql_error(connection_.get()));
  }
}

bool MysqlApplication::gets_closed() {
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  pollfd hung{.fd = connection_->net.fd, .events = POLLIN, .revents = 0};
  while (Clock::now() < deadline) {
    if (poll(&hung, 1, 10) > 0) return true;
  }
  return false;
}

std::string MysqlApplication::run(const std::string& sql) {
  if (mysql_real_query(connection_.get(), sql.data(), sql.size()) != 0) {
    const std::string error = std::string("ERROR: ") + mysql_error(connection_.get());
    if (!was_closed(mysql_errno(connection_.get()))) return error;
    connect();
    if (mysql_real_query(connection_.get(), sql.data(), sql.size()) != 0) return error;
  }
  std::string text;
  for (int more = 0; more == 0; more = mysql_next_result(connection_.get())) {
    const CHandle<MYSQL_RES, mysql_free_result> rows(mysql_store_result(connection_.get()));
    if (rows) text += rows_of(rows.get());
  }
  if (mysql_errno(connection_.get()) != 0) {
    return std::string("ERROR: ") + mysql_error(connection_.get());
  }
  return text;
}

void MysqlApplication::kill() {
  if (connection_) shutdown(connection_->net.fd, SHUT_RDWR);
  connection_.reset();
}

std::string MysqlApplication::id() const {
  return std::to_string(mysql_thread_id(connection_.get()));
}

std::string MysqlApplication::process_name() const {
  return "connection " + id() + " of user " + user_ + "@";
}

}  // namespace quemsi::test
