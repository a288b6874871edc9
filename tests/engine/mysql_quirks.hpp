#pragma once

#include "engine/quirks.hpp"

namespace quemsi::test {

std::unique_ptr<Quirks> make_mysql_quirks();

}  // namespace quemsi::test
