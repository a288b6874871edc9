#include "engine/mysql/engine.hpp"

#include "engine/mysql/database.hpp"

namespace quemsi::mysql_engine {

std::unique_ptr<Database> MysqlEngine::open(const DatabaseSpec& spec,
                                            const EngineContext& context) {
  return std::make_unique<MysqlDatabase>(spec, context);
}

}  // namespace quemsi::mysql_engine
