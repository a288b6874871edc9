#include "engine/conformance.hpp"
#include "engine/postgresql_quirks.hpp"

namespace quemsi::test {

INSTANTIATE_TEST_SUITE_P(Postgresql, EngineConformance,
                         testing::Values([] { return make_postgresql_quirks(); }));

INSTANTIATE_TEST_SUITE_P(Postgresql, EngineRemoval,
                         testing::Values([] { return make_postgresql_quirks(); }));

}  // namespace quemsi::test
