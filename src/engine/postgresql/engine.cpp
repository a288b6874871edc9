#include "engine/postgresql/engine.hpp"

#include "engine/postgresql/serving_database.hpp"

namespace quemsi::postgresql_engine {

std::unique_ptr<Database> PostgresqlEngine::open(const DatabaseSpec& spec,
                                                 const EngineContext& context) {
  return std::make_unique<ServingDatabase>(spec, context);
}

}  // namespace quemsi::postgresql_engine
