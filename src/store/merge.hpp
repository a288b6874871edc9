// Packs made smaller: what is still needed of some, as one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "store/pack_writer.hpp"
#include "store/store_folder.hpp"

namespace quemsi {

/// Finished, not published; none when there is nothing to keep. A chunk that several of the packs
/// hold is written once. Throws Error(corrupt) for a chunk that is to be kept and is damaged,
/// Error(internal) for more than one pack takes.
std::optional<FinishedPack> merge_packs(const StoreFolder& folder,
                                        const std::vector<std::string>& packs,
                                        const std::function<bool(const ChunkId&)>& keep);

}  // namespace quemsi
