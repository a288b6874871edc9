#include "engine/mysql/in_place/stage.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "quemsi/error.hpp"
#include "util/atomic_file.hpp"

namespace quemsi::mysql_engine {
namespace {

/// By their numbers.
constexpr std::array<std::string_view, 6> stage_names{
    "", "dropping\n", "building\n", "revealing\n", "building outgoing\n", "revealing outgoing\n"};

}  // namespace

StageFile::StageFile(const ImageFolder& folder, const ParkedName& outgoing)
    : path_(folder.path() / (outgoing.str() + ".stage")) {}

Stage StageFile::get() const {
  const std::string text = read_text_file_if_exists(path_).value_or("");
  const auto found = std::ranges::find(stage_names, text);
  if (found == stage_names.end()) {
    throw Error(ErrorKind::corrupt, "what an interrupted exchange has noted cannot be read")
        .cause(path_.string());
  }
  return static_cast<Stage>(found - stage_names.begin());
}

void StageFile::set(Stage stage) const {
  AtomicFile file(path_, 0600);
  file.write(stage_names.at(static_cast<std::size_t>(stage)));
  file.commit();
}

void StageFile::clear() const {
  if (remove_file(path_)) sync_folder(path_.parent_path());
}

}  // namespace quemsi::mysql_engine
