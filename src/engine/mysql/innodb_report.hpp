// What InnoDB says of itself: SHOW ENGINE INNODB STATUS, as MySQL writes it.
#pragma once

#include <string>
#include <string_view>

namespace quemsi::mysql_engine {

struct InnodbReport {
  std::string next_id;       ///< of a transaction, in decimal; empty when it is not told
  bool has_writers = false;  ///< a transaction is open that has an id; or the list is cut short
};

InnodbReport parse_innodb_report(std::string_view text);

}  // namespace quemsi::mysql_engine
