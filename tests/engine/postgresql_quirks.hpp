#pragma once

#include "engine/quirks.hpp"

namespace quemsi::test {

/// On the process's shared server.
std::unique_ptr<Quirks> make_postgresql_quirks();

}  // namespace quemsi::test
