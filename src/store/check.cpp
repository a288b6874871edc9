#include "store/check.hpp"

#include <fcntl.h>

#include <optional>
#include <utility>

#include "store/pack_file.hpp"
#include "store/pack_format.hpp"
#include "store/parallel.hpp"
#include "store/sha256.hpp"

namespace quemsi {
namespace {

/// One pass over one pack.
class PackCheck {
 public:
  PackCheck(const std::filesystem::path& path, Progress& progress)
      : name_(path.filename().string()), path_(path), progress_(progress) {}

  std::vector<StoreFinding> run() {
    try {
      read_pack();
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::cancelled) throw;
      found_.push_back({name_, std::nullopt, reason_of(error)});
    }
    return std::move(found_);
  }

 private:
  void read_pack() {
    std::optional<Fd> fd = open_if_exists(path_, O_RDONLY);
    if (!fd) return;  // removed since the folder was listed
    const PackFile pack(std::move(*fd), path_);
    pack.forget_cached();
    const std::vector<PackEntry> entries = pack.entries();
    hash(pack, 0, pack_format::header_bytes);
    for (const PackEntry& entry : entries) check_chunk(pack, entry);
    const std::uint64_t end = entries.back().offset + entries.back().stored_bytes;
    hash(pack, end, pack.bytes() - end);
    if (pack_format::pack_name(hash_.finish()) != name_) {
      found_.push_back({name_, std::nullopt, "its bytes are not those that its name stands for"});
    }
  }

  void check_chunk(const PackFile& pack, const PackEntry& entry) {
    progress_.check_cancelled();
    const std::vector<std::byte> frame = pack.frame(entry);
    hash_.update(frame);
    try {
      static_cast<void>(unpack(frame, entry));
    } catch (const Error& error) {
      found_.push_back({name_, entry.id, error.what()});
    }
    progress_.advance(entry.stored_bytes);
  }

  void hash(const PackFile& pack, std::uint64_t offset, std::size_t size) {
    hash_.update(pack.read(offset, size));
    progress_.advance(size);
  }

  std::string name_;
  const std::filesystem::path& path_;
  Progress& progress_;
  Sha256 hash_;
  std::vector<StoreFinding> found_;
};

std::vector<StoreFinding> flatten(std::vector<std::vector<StoreFinding>> by_pack) {
  std::vector<StoreFinding> all;
  for (auto& findings : by_pack) {
    all.insert(all.end(), std::make_move_iterator(findings.begin()),
               std::make_move_iterator(findings.end()));
  }
  return all;
}

}  // namespace

std::string reason_of(const Error& error) {
  std::string reason = error.what();
  for (const std::string& cause : error.causes()) reason.append(": ").append(cause);
  return reason;
}

std::vector<StoreFinding> check_packs(const StoreFolder& folder, Progress& progress) {
  const std::vector<PackInfo> packs = folder.list_packs();
  std::uint64_t bytes = 0;
  for (const PackInfo& pack : packs) bytes += pack.bytes;
  progress.begin("checking packs", bytes);
  std::vector<std::vector<StoreFinding>> by_pack(packs.size());
  for_each_in_parallel(packs.size(), [&](std::size_t i) {
    by_pack[i] = PackCheck(folder.packs() / packs[i].name, progress).run();
  });
  progress.end();
  std::vector<StoreFinding> found = flatten(std::move(by_pack));
  for (const std::string& name : folder.list_strangers()) {
    found.push_back({name, std::nullopt, "it has no business among the packs"});
  }
  return found;
}

}  // namespace quemsi
