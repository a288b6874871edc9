// Whether a run may take a night: -DQUEMSI_LONG_TESTS=ON.
#pragma once

namespace quemsi::test {

/// Every call is struck, not some of them.
constexpr bool strikes_all() { return QUEMSI_LONG_TESTS != 0; }

/// From one call that is struck to the next.
constexpr int stride(int usual) { return strikes_all() ? 1 : usual; }

}  // namespace quemsi::test
