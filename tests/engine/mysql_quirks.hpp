#pragma once

#include "engine/quirks.hpp"

namespace quemsi::test {

std::unique_ptr<Quirks> make_mysql_quirks();
/// Of a user who may not make schemas.
std::unique_ptr<Quirks> make_mysql_in_place_quirks();

}  // namespace quemsi::test
