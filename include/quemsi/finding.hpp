// Something that a user should know, with what to do about it.
#pragma once

#include <string_view>

#include "quemsi/error.hpp"

namespace quemsi {

enum class Severity {
  note,     ///< good to know
  warning,  ///< works, but not as it could
  error,    ///< something fails, or will
};
std::string_view to_string(Severity severity);

struct Finding {
  Severity severity = Severity::error;
  Error error;  ///< what and why; its hints are what to do
};

}  // namespace quemsi
