#include "store/entry.hpp"

extern "C" __attribute__((visibility("default"))) const quemsi::StoreEntry* quemsi_store() {
  static constexpr quemsi::StoreEntry entry{&quemsi::open_store, &quemsi::describe_pack};
  return &entry;
}
