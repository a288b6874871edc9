// What must be known about a swap to tell afterwards how far it came.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "engine/sqlite/files.hpp"
#include "quemsi/engine.hpp"

namespace quemsi::sqlite_engine {

struct SwapPlan {
  std::filesystem::path live;  ///< as it was meant, whatever the configuration says later
  std::filesystem::path incoming;
  std::filesystem::path outgoing;
  std::optional<FileIdentity> live_identity;  ///< none: there is no live database
  FileIdentity incoming_identity;
};

/// ASCII text, whatever bytes the paths hold.
std::string encode(const SwapPlan& plan);
/// Throws Error(internal) for anything that encode() did not write.
SwapPlan decode_plan(const std::string& text);

}  // namespace quemsi::sqlite_engine
