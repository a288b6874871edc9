// A server may answer any statement by asking for a file of ours. It gets none.
#pragma once

#include <mysql.h>

namespace quemsi::mysql_engine {

/// Until a handler of ours is set for one statement.
void refuse_files(MYSQL* connection);

}  // namespace quemsi::mysql_engine
