#include "engine/conformance.hpp"
#include "engine/postgresql_quirks.hpp"

namespace quemsi::test {

INSTANTIATE_TEST_SUITE_P(PostgresqlInPlace, EngineConformance,
                         testing::Values([] { return make_in_place_quirks(QUEMSI_MODULE_DIR); }));

}  // namespace quemsi::test
