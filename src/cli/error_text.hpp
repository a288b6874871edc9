// The one place where a kind of error becomes words and an exit code.
#pragma once

#include <exception>
#include <string>

#include "quemsi/error.hpp"

namespace quemsi::cli {

/// `error: message`, causes indented below, then `hint: ...` lines; ends with a line feed.
std::string error_text(const Error& error);
/// For any exception: ours as above, all others as a defect of this program.
std::string error_text(const std::exception& error);
/// One line without hints, for hooks: "message (cause; cause)".
std::string error_line(const std::exception& error);
/// `signal`: the one that asked us to stop, 0 when none did.
int exit_code_of(const std::exception& error, int signal);

}  // namespace quemsi::cli
