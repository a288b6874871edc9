#pragma once

#include "quemsi/engine.hpp"

namespace quemsi::sqlite_engine {

class SqliteEngine final : public Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "sqlite"; }
  std::unique_ptr<Database> open(const DatabaseSpec& spec, const EngineContext& context) override;
};

}  // namespace quemsi::sqlite_engine
