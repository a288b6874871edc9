#include "engine/postgresql/engine.hpp"

#include "engine/common/serving_database.hpp"
#include "engine/postgresql/database.hpp"
#include "engine/postgresql/in_place/in_place_database.hpp"

namespace quemsi::postgresql_engine {

std::unique_ptr<Database> PostgresqlEngine::open(const DatabaseSpec& spec,
                                                 const EngineContext& context) {
  const Server server(spec, context);
  const ParkedRegistry registry(context.state_dir, spec.name);
  return std::make_unique<ServingDatabase>(std::make_unique<PostgresqlDatabase>(server, registry),
                                           std::make_unique<InPlaceDatabase>(server, registry),
                                           registry, context.notice);
}

}  // namespace quemsi::postgresql_engine
