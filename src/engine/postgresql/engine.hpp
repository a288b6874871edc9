#pragma once

#include "quemsi/engine.hpp"

namespace quemsi::postgresql_engine {

class PostgresqlEngine final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "postgresql"; }
  std::unique_ptr<Database> open(const DatabaseSpec& spec, const EngineContext& context) override;
};

}  // namespace quemsi::postgresql_engine
