#include "engine/conformance.hpp"
#include "engine/sqlite_quirks.hpp"

namespace quemsi::test {

INSTANTIATE_TEST_SUITE_P(SqliteRollback, EngineConformance,
                         testing::Values([] { return make_sqlite_quirks("delete"); }));
INSTANTIATE_TEST_SUITE_P(SqliteWal, EngineConformance,
                         testing::Values([] { return make_sqlite_quirks("wal"); }));

INSTANTIATE_TEST_SUITE_P(SqliteRollback, EngineRemoval,
                         testing::Values([] { return make_sqlite_quirks("delete"); }));
INSTANTIATE_TEST_SUITE_P(SqliteWal, EngineRemoval,
                         testing::Values([] { return make_sqlite_quirks("wal"); }));

}  // namespace quemsi::test
