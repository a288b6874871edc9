// What others do on the server while two sessions of ours work.
#pragma once

#include <cstdint>
#include <string>

#include "engine/mysql/connection.hpp"

namespace quemsi::mysql_engine {

/// Statements are counted as they begin, rows as they are written. A statement that has begun
/// before, and waits for what we hold, is not: so nothing is known unless there was a moment
/// without any.
class Watch {
 public:
  /// Waits some milliseconds for such a moment.
  Watch(Connection& worker, Connection& control);

  /// True when nobody else has written a row since, or begun to make, change or drop anything.
  [[nodiscard]] bool saw_nothing() const;

 private:
  Connection& worker_;
  Connection& control_;
  std::uint64_t shown_ = 0;
  std::uint64_t rows_ = 0;
  bool quiet_ = false;
};

/// Given how many statements run, that which asks among them: is it the only one? The scheduler of
/// events counts as one for as long as it is on.
bool is_only_one(const std::string& running, const std::string& event_scheduler);

}  // namespace quemsi::mysql_engine
