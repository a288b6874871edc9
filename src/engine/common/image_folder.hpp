// Where the parked copies that are files lie:
//
//   <state dir>/parked/<database>-<hash>/images/quemsi_<id>
//
// A file is there whole or not at all, and never changes: copies of it are hard links.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/common/image_file.hpp"
#include "quemsi/engine.hpp"

namespace quemsi {

class ImageFolder {
 public:
  /// `parked` is the folder of the database's markers; see ParkedRegistry.
  explicit ImageFolder(const std::filesystem::path& parked) : folder_(parked / "images") {}

  /// May not be there yet.
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return folder_; }
  [[nodiscard]] bool has(const ParkedName& name) const;
  /// Sorted. Removes what killed processes have left behind.
  [[nodiscard]] std::vector<ParkedInfo> list() const;
  /// Throws Error(engine) when there is none of that name.
  [[nodiscard]] ImageFile open(const ParkedName& name) const;
  /// Throws Error(engine) when there is one of that name.
  [[nodiscard]] std::unique_ptr<ImageFileDraft> draft(const ParkedName& name) const;
  /// As draft(), in the place of what there is.
  [[nodiscard]] std::unique_ptr<ImageFileDraft> redraft(const ParkedName& name) const;
  /// Durable on return. Throws Error(engine) when there is no `from`, or a `to`.
  void link(const ParkedName& from, const ParkedName& to) const;
  /// Durable on return; no error when there is none.
  void remove(const ParkedName& name) const;

 private:
  [[nodiscard]] std::filesystem::path path_of(const ParkedName& name) const;
  void make() const;

  std::filesystem::path folder_;
};

}  // namespace quemsi
