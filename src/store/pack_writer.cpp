#include "store/pack_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "store/pack_format.hpp"
#include "store/store_folder.hpp"

namespace quemsi {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 20;

}  // namespace

UnpublishedFile::~UnpublishedFile() {
  if (!path_.empty()) unlink(path_.c_str());
}

UnpublishedFile::UnpublishedFile(UnpublishedFile&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

UnpublishedFile& UnpublishedFile::operator=(UnpublishedFile&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

void UnpublishedFile::publish_as(const std::filesystem::path& target) {
  if (std::rename(path_.c_str(), target.c_str()) != 0) throw_errno(errno, "rename to", target);
  path_.clear();
}

PackWriter::PackWriter(const std::filesystem::path& temporary_folder)
    : PackWriter(create_temporary(temporary_folder)) {}

PackWriter::PackWriter(TemporaryFile file) : fd_(std::move(file.fd)), file_(std::move(file.path)) {
  buffer_.reserve(buffer_bytes);
  write(pack_format::encode_header());
}

void PackWriter::append(const ChunkId& id, ChunkKind kind, std::size_t raw_bytes,
                        std::span<const std::byte> frame) {
  const PackEntry entry{.id = id,
                        .kind = kind,
                        .offset = bytes_,
                        .stored_bytes = static_cast<std::uint32_t>(frame.size()),
                        .raw_bytes = static_cast<std::uint32_t>(raw_bytes)};
  write(frame);
  entries_.push_back(entry);
}

bool PackWriter::full() const noexcept {
  return bytes_ >= pack_format::full_bytes || entries_.size() >= pack_format::max_entries;
}

FinishedPack PackWriter::finish() && {
  write(pack_format::encode_footer(entries_));
  flush();
  sync_file(fd_, file_.path());
  return {std::move(file_), {pack_format::pack_name(hash_.finish()), bytes_}, std::move(entries_)};
}

void PackWriter::write(std::span<const std::byte> bytes) {
  if (buffer_.size() + bytes.size() > buffer_bytes) flush();
  bytes_ += bytes.size();
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void PackWriter::flush() {
  hash_.update(buffer_);
  write_all(fd_, buffer_, file_.path());
  // A hint: what is on its way already need not be waited for by finish().
  static_cast<void>(sync_file_range(fd_.get(), 0, 0, SYNC_FILE_RANGE_WRITE));
  buffer_.clear();
}

void publish_packs(std::span<FinishedPack> packs, const std::filesystem::path& folder) {
  if (packs.empty()) return;
  for (FinishedPack& pack : packs) pack.file.publish_as(folder / pack.info.name);
  sync_folder(folder);
}

}  // namespace quemsi
