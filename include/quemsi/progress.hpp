// How long work reports how far it is, and learns that it should stop.
#pragma once

#include <cstdint>
#include <string_view>

namespace quemsi {

/// Implemented by whoever watches. Calls may come from several threads.
class Progress {
 public:
  virtual ~Progress() = default;
  /// A new phase; `total` in bytes, 0 when unknown.
  virtual void begin(std::string_view what, std::uint64_t total) = 0;
  /// `bytes` more have been done in this phase.
  virtual void advance(std::uint64_t bytes) = 0;
  /// The phase is over.
  virtual void end() = 0;
  /// Throws Error(cancelled) when the work is to stop; called between chunks.
  virtual void check_cancelled() = 0;
};

/// Watches nothing and never cancels.
Progress& no_progress();

}  // namespace quemsi
