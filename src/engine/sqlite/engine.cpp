#include "engine/sqlite/engine.hpp"

#include "engine/sqlite/database.hpp"

namespace quemsi::sqlite_engine {

std::unique_ptr<Database> SqliteEngine::open(const DatabaseSpec& spec,
                                             const EngineContext& context) {
  return std::make_unique<SqliteDatabase>(spec, context);
}

}  // namespace quemsi::sqlite_engine
