#include "engine/mysql/engine.hpp"

#include "engine/common/serving_database.hpp"
#include "engine/mysql/database.hpp"
#include "engine/mysql/in_place/in_place_database.hpp"

namespace quemsi::mysql_engine {

std::unique_ptr<Database> MysqlEngine::open(const DatabaseSpec& spec,
                                            const EngineContext& context) {
  const Server server(spec, context);
  const ParkedRegistry registry(context.state_dir, spec.name);
  return std::make_unique<ServingDatabase>(std::make_unique<MysqlDatabase>(server, registry),
                                           std::make_unique<InPlaceDatabase>(server, registry),
                                           registry, context.notice);
}

}  // namespace quemsi::mysql_engine
