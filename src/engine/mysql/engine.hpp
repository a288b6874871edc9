#pragma once

#include "quemsi/engine.hpp"

namespace quemsi::mysql_engine {

class MysqlEngine final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "mysql"; }
  std::unique_ptr<Database> open(const DatabaseSpec& spec, const EngineContext& context) override;
};

}  // namespace quemsi::mysql_engine
