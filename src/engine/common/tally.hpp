// What a section came to: the image's last section repeats it, a reader checks it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "quemsi/image.hpp"
#include "quemsi/progress.hpp"

namespace quemsi {

struct Tally {
  std::uint64_t chunks = 0;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  /// The sum of the hashes of all chunks, each seeded with its place: can be made in any order,
  /// tells apart what was exchanged.
  std::uint64_t checksum = 0;

  /// A chunk's share of a section's tally.
  static Tally of_chunk(std::uint64_t place, std::span<const std::byte> bytes, std::uint64_t rows);
  Tally& operator+=(const Tally& other);
  bool operator==(const Tally&) const = default;
};

/// A section that keeps count, reports progress and stops when cancelled.
class TallySink {
 public:
  TallySink(std::unique_ptr<SectionSink> sink, Progress& progress)
      : sink_(std::move(sink)), progress_(progress) {}

  void chunk(std::string_view text, std::uint64_t rows, std::string_view first_key);
  void finish() { sink_->finish(); }
  [[nodiscard]] const Tally& tally() const { return tally_; }

 private:
  std::unique_ptr<SectionSink> sink_;
  Progress& progress_;
  Tally tally_;
};

/// Takes what is written and keeps nothing.
class NullSection final : public SectionSink {
 public:
  void chunk(std::span<const std::byte> /*bytes*/, std::uint64_t /*rows*/,
             std::string_view /*first_key*/) override {}
  void finish() override {}
};

/// Writes a text as chunks of 64 KiB, whatever stands in it.
void write_text(TallySink& sink, std::string_view text);

}  // namespace quemsi
