// LOAD DATA LOCAL with what we hand out ourselves: no file is ever opened, whatever the server
// asks.
#include <algorithm>
#include <cstring>
#include <exception>

#include "engine/mysql/connection.hpp"
#include "engine/mysql/local_files.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr int io_error = 5;

int refuse(void** state, const char* /*file*/, void* /*self*/) {
  *state = nullptr;
  return 1;
}

int read_nothing(void* /*state*/, char* /*buffer*/, unsigned /*size*/) { return -1; }

void end_nothing(void* /*state*/) {}

int tell_error(void* /*state*/, char* text, unsigned size) {
  std::strncpy(text, "no file is sent", size);
  if (size > 0) text[size - 1] = '\0';
  return io_error;
}

}  // namespace

void refuse_files(MYSQL* connection) {
  mysql_set_local_infile_handler(connection, refuse, read_nothing, end_nothing, tell_error,
                                 nullptr);
}

struct Connection::Loading {
  const std::function<std::size_t(std::span<char>)>& read;
  std::exception_ptr failure;

  static int init(void** state, const char* /*file*/, void* self) {
    *state = self;
    return 0;
  }

  static int fill(void* state, char* buffer, unsigned size) {
    auto* self = static_cast<Loading*>(state);
    try {
      return static_cast<int>(self->read({buffer, size}));
    } catch (...) {
      self->failure = std::current_exception();
      return -1;
    }
  }
};

void Connection::load(const std::string& sql,
                      const std::function<std::size_t(std::span<char>)>& read) {
  Loading loading{read, nullptr};
  mysql_set_local_infile_handler(handle(), Loading::init, Loading::fill, end_nothing, tell_error,
                                 &loading);
  const int failed = mysql_real_query(handle(), sql.data(), sql.size());
  refuse_files(handle());
  if (loading.failure) std::rethrow_exception(loading.failure);
  if (failed != 0) fail();
}

}  // namespace quemsi::mysql_engine
