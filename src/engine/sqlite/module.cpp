#include "engine/sqlite/engine.hpp"

QUEMSI_ENGINE_ENTRY(quemsi::sqlite_engine::SqliteEngine);
