// Exit codes, as git has them.
#pragma once

namespace quemsi::cli::exit_code {

inline constexpr int done = 0;
inline constexpr int negative = 1;  ///< a negative answer: nothing to undo, damage found, "no"
inline constexpr int fatal = 128;
inline constexpr int usage = 129;
inline constexpr int signalled = 128;  ///< plus the signal's number

}  // namespace quemsi::cli::exit_code
