#include "engine/mysql/engine.hpp"

QUEMSI_ENGINE_ENTRY(quemsi::mysql_engine::MysqlEngine);
