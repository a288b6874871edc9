#include "engine/common/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "engine/common/row_hash.hpp"
#include "quemsi/error.hpp"

namespace quemsi {
namespace {

Fd nameless_file(const std::filesystem::path& folder) {
  std::string name = (folder / "spool-XXXXXX").string();
  Fd fd(mkostemp(name.data(), O_CLOEXEC));
  if (!fd) throw_errno(errno, "make a file in", folder);
  remove_file(name);
  return fd;
}

}  // namespace

class Spool::Sink : public SectionSink {
 public:
  Sink(Spool& spool, Section& section) : spool_(spool), section_(section) {}

  void chunk(std::span<const std::byte> bytes, std::uint64_t rows,
             std::string_view first_key) override {
    const std::uint64_t offset = spool_.reserve(bytes.size());
    section_.places.push_back({offset, row_hash(bytes)});
    section_.info.chunks.push_back({bytes.size(), rows, std::string(first_key)});
    spool_.write_at(bytes, offset);
  }

  void finish() override { section_.finished = true; }

 private:
  Spool& spool_;
  Section& section_;
};

Spool::Spool(const std::filesystem::path& folder) : Spool(nameless_file(folder), folder, 0) {}

Spool::Spool(Fd fd, std::filesystem::path shown, std::uint64_t start)
    : shown_(std::move(shown)), fd_(std::move(fd)), size_(start) {}

void Spool::header(const ImageHeader& header) { header_ = header; }

std::unique_ptr<SectionSink> Spool::section(const SectionHeader& header) {
  const std::lock_guard lock(mutex_);
  written_.push_back({.info = {.header = header, .chunks = {}}, .places = {}});
  return std::make_unique<Sink>(*this, written_.back());
}

const ImageHeader& Spool::header() const {
  if (!header_) throw Error(ErrorKind::internal, "an image has no header");
  return *header_;
}

void Spool::close() {
  for (const Section& section : written_) {
    if (!section.finished) throw Error(ErrorKind::internal, "an image's section was not finished");
    sections_.push_back(section.info);
  }
}

std::vector<std::byte> Spool::read(std::size_t section, std::size_t chunk) const {
  std::vector<std::byte> bytes(sections_.at(section).chunks.at(chunk).bytes);
  read_exact_at(fd_, bytes, written_.at(section).places.at(chunk).offset, shown_);
  return bytes;
}

std::uint64_t Spool::reserve(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  return std::exchange(size_, size_ + bytes);
}

void Spool::write_at(std::span<const std::byte> bytes, std::uint64_t offset) const {
  while (!bytes.empty()) {
    const ssize_t done = pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) throw_errno(errno, "write", shown_);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
    offset += static_cast<std::uint64_t>(done);
  }
}

}  // namespace quemsi
