// How far an exchange in place has come; see plan.hpp.
#pragma once

#include <filesystem>

#include "engine/common/image_folder.hpp"

namespace quemsi::mysql_engine {

enum class Stage {
  none,
  dropping,            ///< some of live may be gone
  building,            ///< all of live is gone, or nothing but what somebody else made is there
  revealing,           ///< the incoming tables are whole
  building_outgoing,   ///< on the way back
  revealing_outgoing,  ///< on the way back
};

class StageFile {
 public:
  StageFile(const ImageFolder& folder, const ParkedName& outgoing);

  /// Throws Error(corrupt) for what set() did not write.
  [[nodiscard]] Stage get() const;
  /// Durable on return.
  void set(Stage stage) const;
  void clear() const;

 private:
  std::filesystem::path path_;
};

}  // namespace quemsi::mysql_engine
