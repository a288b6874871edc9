#include "engine/conformance.hpp"
#include "engine/mysql_quirks.hpp"

namespace quemsi::test {

INSTANTIATE_TEST_SUITE_P(MysqlInPlace, EngineConformance,
                         testing::Values([] { return make_mysql_in_place_quirks(); }));

}  // namespace quemsi::test
