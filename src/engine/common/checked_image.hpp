// An image with a summary, every read of which is compared with what the summary says.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "engine/common/summary.hpp"
#include "quemsi/image.hpp"

namespace quemsi {

class CheckedImage {
 public:
  /// `damaged` is the message of its Error(corrupt). Reads nothing yet.
  CheckedImage(const ImageSource& image, std::string damaged)
      : image_(image), sections_(image.sections()), damaged_(std::move(damaged)) {}

  /// To be called first. Throws Error(corrupt) unless sections and summary agree.
  void read_summary();
  [[nodiscard]] const ImageHeader& header() const { return image_.header(); }
  /// The summary among them, as the last.
  [[nodiscard]] const std::vector<SectionInfo>& sections() const { return sections_; }
  [[nodiscard]] const std::vector<ChunkInfo>& chunks(std::size_t section) const;
  /// What the image says of a section, to be compared with what was read.
  [[nodiscard]] const Tally& tally(std::size_t section) const;
  /// Throws Error(corrupt) when it has not the size that the image says. From any thread.
  [[nodiscard]] std::vector<std::byte> chunk(std::size_t section, std::size_t chunk) const;
  /// Throws Error(corrupt) unless `read` is what the image says of the section.
  void check(std::size_t section, const Tally& read) const;
  /// A whole section without rows, checked.
  [[nodiscard]] std::string text(std::size_t section) const;

 private:
  [[noreturn]] void bad(const std::string& why) const;

  const ImageSource& image_;
  const std::vector<SectionInfo>& sections_;  ///< the image's
  std::string damaged_;
  std::map<std::string, Tally> summary_;
};

}  // namespace quemsi
