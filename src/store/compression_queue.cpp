#include "store/compression_queue.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace quemsi {
namespace {

/// Enough to keep the threads busy; the memory that a writer needs follows from it.
constexpr std::size_t most_pending_bytes = std::size_t{16} << 20;
constexpr std::size_t most_pending_chunks = 1024;

/// Sealing goes on in the background: it leaves room for the application.
constexpr unsigned most_threads = 3;

unsigned thread_count() {
  const unsigned cores = std::thread::hardware_concurrency();
  return std::clamp(cores, 2U, most_threads + 1) - 1;
}

}  // namespace

CompressionQueue::CompressionQueue(Emit emit) : emit_(std::move(emit)) {}

CompressionQueue::~CompressionQueue() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

void CompressionQueue::submit(const ChunkId& id, ChunkKind kind, std::span<const std::byte> raw) {
  Lock lock(mutex_);
  if (!std::exchange(started_, true)) start_threads();
  while (!failure_ && too_much_waits()) {
    if (!help(lock)) changed_.wait(lock);
  }
  if (failure_) std::rethrow_exception(failure_);
  Slot slot = take_slot();
  lock.unlock();
  slot.chunk.id = id;
  slot.chunk.kind = kind;
  slot.chunk.bytes.assign(raw.begin(), raw.end());
  lock.lock();
  pending_bytes_ += raw.size();
  slots_.push_back(std::move(slot));
  changed_.notify_all();
}

void CompressionQueue::drain() {
  Lock lock(mutex_);
  while (!failure_ && (!slots_.empty() || emitting_)) {
    if (!help(lock)) changed_.wait(lock);
  }
  if (failure_) std::rethrow_exception(failure_);
}

void CompressionQueue::start_threads() {
  try {
    for (unsigned i = 0; i < thread_count(); ++i) {
      threads_.emplace_back([this](const std::stop_token& stop) { serve(stop); });
    }
  } catch (const std::system_error&) {
    // The system grants no more threads: whoever submits does the work.
  }
}

void CompressionQueue::serve(const std::stop_token& stop) {
  Lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return work_waits(); })) {
    if (stop.stop_requested()) return;
    help(lock);
  }
}

bool CompressionQueue::too_much_waits() const {
  return pending_bytes_ > most_pending_bytes || slots_.size() > most_pending_chunks;
}

bool CompressionQueue::help(Lock& lock) {
  if (!work_waits()) return false;
  try {
    compress(slots_[claimed_++], lock);
    emit_ready(lock);
  } catch (...) {
    if (!lock.owns_lock()) lock.lock();
    if (!failure_) failure_ = std::current_exception();
  }
  changed_.notify_all();
  return true;
}

void CompressionQueue::compress(Slot& slot, Lock& lock) {
  std::unique_ptr<Compressor> compressor = take_compressor();
  lock.unlock();
  const std::span<const std::byte> frame = compressor->compress(slot.chunk.bytes);
  slot.frame.assign(frame.begin(), frame.end());
  lock.lock();
  slot.ready = true;
  spare_compressors_.push_back(std::move(compressor));
}

void CompressionQueue::emit_ready(Lock& lock) {
  if (emitting_) return;
  emitting_ = true;
  while (!failure_ && !slots_.empty() && slots_.front().ready) {
    Slot slot = std::move(slots_.front());
    slots_.pop_front();
    --claimed_;
    lock.unlock();
    emit_(slot.chunk, slot.frame);
    lock.lock();
    pending_bytes_ -= slot.chunk.bytes.size();
    spare_slots_.push_back(std::move(slot));
    changed_.notify_all();
  }
  emitting_ = false;
}

CompressionQueue::Slot CompressionQueue::take_slot() {
  if (spare_slots_.empty()) return {.chunk = {ChunkId({}), ChunkKind::data, {}}, .frame = {}};
  Slot slot = std::move(spare_slots_.back());
  spare_slots_.pop_back();
  slot.ready = false;
  return slot;
}

std::unique_ptr<Compressor> CompressionQueue::take_compressor() {
  if (spare_compressors_.empty()) return std::make_unique<Compressor>();
  std::unique_ptr<Compressor> compressor = std::move(spare_compressors_.back());
  spare_compressors_.pop_back();
  return compressor;
}

}  // namespace quemsi
