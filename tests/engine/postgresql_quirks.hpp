#pragma once

#include "engine/quirks.hpp"

namespace quemsi::test {

/// On the process's shared server.
std::unique_ptr<Quirks> make_postgresql_quirks();
/// By a role that may not create databases. `module_dir` holds the engines' modules.
std::unique_ptr<Quirks> make_in_place_quirks(const std::filesystem::path& module_dir);

}  // namespace quemsi::test
