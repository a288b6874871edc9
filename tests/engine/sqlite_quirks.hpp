#pragma once

#include "engine/quirks.hpp"

namespace quemsi::test {

/// `journal_mode`: "delete" or "wal".
std::unique_ptr<Quirks> make_sqlite_quirks(const std::string& journal_mode);

}  // namespace quemsi::test
