// Ends a process at a statement that changes something, as it is sent to the server, or at a file
// that appears or goes.
#pragma once

#include <functional>

namespace quemsi::mysql_engine::test {

struct Trap {
  int at = -1;  ///< which one, from 0; none
  bool after_sending = false;
  int seen = 0;
  bool files_too = false;
  bool rows_too = false;  ///< what locks and fills tables
};

/// Runs `work` in a process of its own. True when the trap has ended it; false when it came
/// through, which it must then without an error.
bool killed_at(const Trap& trap, const std::function<void()>& work);

}  // namespace quemsi::mysql_engine::test
