#include "engine/postgresql/engine.hpp"

QUEMSI_ENGINE_ENTRY(quemsi::postgresql_engine::PostgresqlEngine);
