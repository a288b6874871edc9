#include "engine/postgresql/engine.hpp"

#include "engine/postgresql/database.hpp"

namespace quemsi::postgresql_engine {

std::unique_ptr<Database> PostgresqlEngine::open(const DatabaseSpec& spec,
                                                 const EngineContext& context) {
  return std::make_unique<PostgresqlDatabase>(spec, context);
}

}  // namespace quemsi::postgresql_engine
