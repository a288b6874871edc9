// Strings that need not be UTF-8, such as git's names and paths, in JSON that we read again. A
// string that is not stands as an object of one member, {"": "<its bytes in hexadecimal>"}.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace quemsi {

/// What dump() accepts, whatever the strings in it hold. Members' names must be UTF-8, and not
/// empty.
nlohmann::json wrap_bytes(nlohmann::json value);
/// Takes back wrap_bytes; what that did not write stays as it is.
nlohmann::json unwrap_bytes(nlohmann::json value);

}  // namespace quemsi
