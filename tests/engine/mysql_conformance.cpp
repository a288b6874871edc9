#include "engine/conformance.hpp"
#include "engine/mysql_quirks.hpp"

namespace quemsi::test {

INSTANTIATE_TEST_SUITE_P(Mysql, EngineConformance,
                         testing::Values([] { return make_mysql_quirks(); }));

INSTANTIATE_TEST_SUITE_P(Mysql, EngineRemoval, testing::Values([] { return make_mysql_quirks(); }));

}  // namespace quemsi::test
