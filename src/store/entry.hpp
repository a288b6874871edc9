// What the module `quemsi-store` exports.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "quemsi/store.hpp"

namespace quemsi {

struct StoreEntry {
  std::unique_ptr<Store> (*open)(const std::filesystem::path& folder, ChunkIndex& index);
  std::string (*describe_pack)(const std::filesystem::path& pack);
};

using StoreEntryFunction = const StoreEntry*();

}  // namespace quemsi
