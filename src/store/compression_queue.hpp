// Compresses on all cores, hands the frames on in the order in which they came.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "quemsi/store.hpp"
#include "store/zstd_frame.hpp"

namespace quemsi {

struct RawChunk {
  ChunkId id;
  ChunkKind kind;
  std::vector<std::byte> bytes;
};

/// Bounded: whoever submits too much compresses as well. Safe to use from several
/// threads; the result depends on the order of submission only.
class CompressionQueue {
 public:
  /// Called for one chunk at a time, from any of the threads.
  using Emit = std::function<void(const RawChunk&, std::span<const std::byte> frame)>;

  explicit CompressionQueue(Emit emit);
  /// Drops what waits.
  ~CompressionQueue();
  CompressionQueue(const CompressionQueue&) = delete;
  CompressionQueue& operator=(const CompressionQueue&) = delete;

  /// Throws what compressing or emitting any chunk threw, from then on always.
  void submit(const ChunkId& id, ChunkKind kind, std::span<const std::byte> raw);
  /// Returns when every chunk has been emitted. Throws as submit does.
  void drain();

 private:
  struct Slot {
    RawChunk chunk;
    std::vector<std::byte> frame;
    bool ready = false;
  };
  using Lock = std::unique_lock<std::mutex>;

  void start_threads();
  void serve(const std::stop_token& stop);
  [[nodiscard]] bool too_much_waits() const;
  [[nodiscard]] bool work_waits() const { return !failure_ && claimed_ < slots_.size(); }
  /// Compresses one chunk; false when none waits.
  bool help(Lock& lock);
  void compress(Slot& slot, Lock& lock);
  void emit_ready(Lock& lock);
  Slot take_slot();
  std::unique_ptr<Compressor> take_compressor();

  Emit emit_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Slot> slots_;         ///< the first is the next to be emitted
  std::size_t claimed_ = 0;        ///< so many of them are being compressed, or are ready
  std::size_t pending_bytes_ = 0;  ///< raw, including what is being emitted
  bool emitting_ = false;
  bool started_ = false;
  std::exception_ptr failure_;
  std::vector<Slot> spare_slots_;  ///< for their buffers
  std::vector<std::unique_ptr<Compressor>> spare_compressors_;
  std::vector<std::jthread> threads_;  ///< last: they use all of the above
};

}  // namespace quemsi
