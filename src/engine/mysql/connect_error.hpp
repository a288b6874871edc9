// What a server that does not let us in means to a person.
#pragma once

#include <string>

#include "engine/mysql/url.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {

/// `error` and `text` are the client library's.
Error connect_error(const ConnectInfo& info, unsigned error, const std::string& text);

}  // namespace quemsi::mysql_engine
