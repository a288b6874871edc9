// SIGINT and SIGTERM as a request to stop; the second one kills.
#pragma once

namespace quemsi::cli {

/// From now on the first SIGINT or SIGTERM only sets a flag.
void catch_signals();
/// The signal that came, 0 when none did.
int caught_signal() noexcept;
/// Throws Error(cancelled) when one came.
void throw_if_signalled();
/// Waits until `descriptor` can be read from. Throws Error(cancelled) when a signal came, also
/// one that came just before the call.
void wait_for_input(int descriptor);

}  // namespace quemsi::cli
