// What pin() and open_parked() hand out.
#pragma once

#include <memory>
#include <string>

#include "engine/mysql/server.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::mysql_engine {

std::unique_ptr<View> pin_live(const Server& server, Content content);
/// Of a parked copy that exists.
std::unique_ptr<View> open_parked(const Server& server, const std::string& schema);

}  // namespace quemsi::mysql_engine
