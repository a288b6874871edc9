#include "store/loader.hpp"

#include "store/entry.hpp"
#include "util/module.hpp"

namespace quemsi {
namespace {

const StoreEntry& load_entry(const std::filesystem::path& module_dir) {
  const Module module(module_dir / "quemsi-store.so");
  return *module.function<StoreEntryFunction>("quemsi_store")();
}

}  // namespace

std::unique_ptr<Store> load_store(const std::filesystem::path& module_dir,
                                  const std::filesystem::path& folder, ChunkIndex& index) {
  return load_entry(module_dir).open(folder, index);
}

std::string load_describe_pack(const std::filesystem::path& module_dir,
                               const std::filesystem::path& pack) {
  return load_entry(module_dir).describe_pack(pack);
}

}  // namespace quemsi
