#include "store/merge.hpp"

#include <set>
#include <utility>

#include "store/pack_file.hpp"

namespace quemsi {
namespace {

class Merge {
 public:
  Merge(const StoreFolder& folder, const std::function<bool(const ChunkId&)>& keep)
      : folder_(folder), files_(folder.packs()), keep_(keep) {}

  void add(const std::string& name) {
    const auto pack = files_.open(name);
    for (const PackEntry& entry : pack->entries()) {
      if (keep_(entry.id) && written_.insert(entry.id).second) copy(*pack, entry);
    }
  }

  std::optional<FinishedPack> finish() {
    if (!writer_) return std::nullopt;
    return std::move(*writer_).finish();
  }

 private:
  void copy(const PackFile& pack, const PackEntry& entry) {
    if (!writer_) writer_.emplace(folder_.temporary());
    if (writer_->full()) throw Error(ErrorKind::internal, "more to merge than one pack takes");
    const std::vector<std::byte> frame = pack.frame(entry);
    try {
      static_cast<void>(unpack(frame, entry));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::corrupt) throw;
      throw bad_chunk(pack.name(), entry.id, error.what());
    }
    writer_->append(entry.id, entry.kind, entry.raw_bytes, frame);
  }

  const StoreFolder& folder_;
  PackFiles files_;
  const std::function<bool(const ChunkId&)>& keep_;
  std::set<ChunkId> written_;
  std::optional<PackWriter> writer_;
};

}  // namespace

std::optional<FinishedPack> merge_packs(const StoreFolder& folder,
                                        const std::vector<std::string>& packs,
                                        const std::function<bool(const ChunkId&)>& keep) {
  Merge merge(folder, keep);
  for (const std::string& name : packs) merge.add(name);
  return merge.finish();
}

}  // namespace quemsi
