// The exchange itself, and finding out after a crash how far it came; see plan.hpp.
#pragma once

#include <optional>

#include "engine/mysql/in_place/plan.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::mysql_engine {

/// `incoming` is a file. See Database::swap.
std::optional<Token> exchange_in_place(const Server& server, const ImageFolder& folder,
                                       const InPlacePlan& plan,
                                       const std::optional<Token>& expected,
                                       ConnectionPolicy policy);
/// See Database::settle. `elsewhere`: `incoming` is a schema of ours as well.
Settled settle_in_place(const Server& server, const ImageFolder& folder, const InPlacePlan& plan,
                        bool elsewhere);

}  // namespace quemsi::mysql_engine
