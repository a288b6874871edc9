// From the words on the command line to an exit code.
#pragma once

#include <span>

namespace quemsi::cli {

/// The whole program. `arguments` as main got them. Never throws.
int run(std::span<char* const> arguments) noexcept;

}  // namespace quemsi::cli
