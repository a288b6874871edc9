// Which pg_dump reads a server's schemas.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

/// The words of the configured command; else of the oldest that knows this server's version.
std::vector<std::string> dump_command(const EngineContext& context, int server_major);

/// Asks the program itself for its version: why it cannot serve; none when it can.
std::optional<Error> dump_tool_problem(const EngineContext& context, int server_major);

Error missing_dump_tool(const std::string& program, const std::string& why);
Error old_dump_tool(const std::string& program, const std::string& server_version);

}  // namespace quemsi::postgresql_engine
