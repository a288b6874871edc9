#include "engine/common/once_told.hpp"

#include <string_view>

#include "engine/common/parked_registry.hpp"
#include "util/atomic_file.hpp"

namespace quemsi {
namespace {

constexpr std::string_view told = "told\n";

void write(const std::filesystem::path& path, const std::string& text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

}  // namespace

void OnceTold::remember(const std::string& key, const std::string& line) const {
  const auto known = read_text_file_if_exists(folder_ / key);
  if (known && known->starts_with(line + "\n")) return;
  make_parked_folder(folder_);
  write(folder_ / key, line + "\n");
}

void OnceTold::tell(const std::string& key,
                    const std::function<void(const std::string&)>& notice) const {
  const auto known = read_text_file_if_exists(folder_ / key);
  if (!notice || !known || known->ends_with(told)) return;
  notice(known->substr(0, known->find('\n')));
  write(folder_ / key, *known + std::string(told));
}

}  // namespace quemsi
