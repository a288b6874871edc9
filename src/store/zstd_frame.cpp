#include "store/zstd_frame.hpp"

#include <zstd.h>

#include <algorithm>
#include <string>

#include "quemsi/error.hpp"
#include "util/c_handle.hpp"

namespace quemsi {
namespace {

/// A snapshot has to be quick first; deduplication saves more than a higher level.
constexpr int level = 1;

}  // namespace

struct Compressor::State {
  CHandle<ZSTD_CCtx, ZSTD_freeCCtx> context{ZSTD_createCCtx()};
  std::vector<std::byte> buffer;  ///< only grows: filling a new one costs more than it seems
};

Compressor::Compressor() : state_(std::make_unique<State>()) {
  if (!state_->context) throw Error(ErrorKind::io, "not enough memory to compress");
}

Compressor::~Compressor() = default;

std::span<const std::byte> Compressor::compress(std::span<const std::byte> raw) {
  std::vector<std::byte>& buffer = state_->buffer;
  buffer.resize(std::max(buffer.size(), ZSTD_compressBound(raw.size())));
  const std::size_t size = ZSTD_compressCCtx(state_->context.get(), buffer.data(), buffer.size(),
                                             raw.data(), raw.size(), level);
  if (ZSTD_isError(size) != 0) {
    throw Error(ErrorKind::internal, "zstd cannot compress").cause(ZSTD_getErrorName(size));
  }
  return std::span(buffer).first(size);
}

std::vector<std::byte> decompress(std::span<const std::byte> frame, std::size_t raw_bytes) {
  const std::size_t frame_bytes = ZSTD_findFrameCompressedSize(frame.data(), frame.size());
  if (ZSTD_isError(frame_bytes) != 0 || frame_bytes != frame.size()) {
    throw Error(ErrorKind::corrupt, "it is not one zstd frame");
  }
  if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != raw_bytes) {
    throw Error(ErrorKind::corrupt, "its frame says another size");
  }
  std::vector<std::byte> raw(raw_bytes);
  const std::size_t size = ZSTD_decompress(raw.data(), raw.size(), frame.data(), frame.size());
  if (ZSTD_isError(size) != 0) throw Error(ErrorKind::corrupt, ZSTD_getErrorName(size));
  if (size != raw_bytes) throw Error(ErrorKind::corrupt, "its frame holds another size");
  return raw;
}

}  // namespace quemsi
