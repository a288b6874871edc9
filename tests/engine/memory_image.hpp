// An image kept in memory: what the store is to an engine, and can be damaged.
#pragma once

#include <optional>
#include <vector>

#include "quemsi/image.hpp"

namespace quemsi::test {

struct MemorySection {
  SectionInfo info;
  std::vector<std::vector<std::byte>> chunks;
  bool finished = false;
};

/// Stricter than the store: throws for whatever the contract forbids.
class MemoryImage : public ImageSink, public ImageSource {
 public:
  void header(const ImageHeader& header) override;
  std::unique_ptr<SectionSink> section(const SectionHeader& header) override;

  [[nodiscard]] const ImageHeader& header() const override { return header_.value(); }
  [[nodiscard]] const std::vector<SectionInfo>& sections() const override;
  [[nodiscard]] std::vector<std::byte> read(std::size_t section, std::size_t chunk) const override;

  /// For damaging it.
  std::vector<std::unique_ptr<MemorySection>>& parts() { return parts_; }
  ImageHeader& mutable_header() { return header_.value(); }
  [[nodiscard]] bool finished() const;

 private:
  std::optional<ImageHeader> header_;
  std::vector<std::unique_ptr<MemorySection>> parts_;
  mutable std::vector<SectionInfo> infos_;
};

}  // namespace quemsi::test
