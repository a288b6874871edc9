#include "quemsi/error.hpp"

#include <utility>

namespace quemsi {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::user:
      return "user";
    case ErrorKind::config:
      return "config";
    case ErrorKind::engine:
      return "engine";
    case ErrorKind::busy:
      return "busy";
    case ErrorKind::corrupt:
      return "corrupt";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::io:
      return "io";
    case ErrorKind::cancelled:
      return "cancelled";
    case ErrorKind::internal:
      return "internal";
  }
  return "internal";
}

Error::Error(ErrorKind kind, std::string message)
    : std::runtime_error(std::move(message)), kind_(kind) {}

Error& Error::cause(std::string text) & {
  causes_.push_back(std::move(text));
  return *this;
}

Error&& Error::cause(std::string text) && { return std::move(cause(std::move(text))); }

Error& Error::hint(std::string text) & {
  hints_.push_back(std::move(text));
  return *this;
}

Error&& Error::hint(std::string text) && { return std::move(hint(std::move(text))); }

Error& Error::sqlstate(std::string code) & {
  sqlstate_ = std::move(code);
  return *this;
}

Error&& Error::sqlstate(std::string code) && { return std::move(sqlstate(std::move(code))); }

}  // namespace quemsi
