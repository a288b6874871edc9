// The store without linking OpenSSL and zstd: its module is loaded on first use.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "quemsi/store.hpp"

namespace quemsi {

/// open_store() out of the module in `module_dir`, which stays loaded until the
/// process ends: what it throws and hands out may outlive the store.
/// Throws Error(unsupported) when the module, or a library that it needs, is missing.
std::unique_ptr<Store> load_store(const std::filesystem::path& module_dir,
                                  const std::filesystem::path& folder, ChunkIndex& index);

/// describe_pack() out of the module in `module_dir`.
std::string load_describe_pack(const std::filesystem::path& module_dir,
                               const std::filesystem::path& pack);

}  // namespace quemsi
