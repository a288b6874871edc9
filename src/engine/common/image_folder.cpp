#include "engine/common/image_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

#include "engine/common/parked_registry.hpp"
#include "quemsi/error.hpp"

namespace quemsi {
namespace {

namespace fs = std::filesystem;

/// Between a temporary file's birth and its lock.
constexpr std::chrono::minutes moment{1};

bool is_temporary(const std::string& name) { return name.find(".tmp-") != std::string::npos; }

/// Who still writes to it holds a lock on it.
void remove_if_abandoned(const fs::path& file) {
  std::error_code error;
  const auto written = fs::last_write_time(file, error);
  if (error || fs::file_time_type::clock::now() - written < moment) return;
  const auto fd = open_if_exists(file, O_RDONLY);
  if (fd && flock(fd->get(), LOCK_EX | LOCK_NB) == 0) remove_file(file);
}

}  // namespace

fs::path ImageFolder::path_of(const ParkedName& name) const {
  return folder_ / parked_file_name(name);
}

void ImageFolder::make() const {
  make_parked_folder(folder_.parent_path());
  make_parked_folder(folder_);
}

bool ImageFolder::has(const ParkedName& name) const {
  return stat_if_exists(path_of(name)).has_value();
}

std::vector<ParkedInfo> ImageFolder::list() const {
  std::vector<ParkedInfo> found;
  std::error_code error;
  for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (is_temporary(name)) {
      remove_if_abandoned(it->path());
    } else if (is_parked_name(name)) {
      const auto facts = stat_if_exists(it->path());
      if (facts) found.push_back({ParkedName(name), static_cast<std::uint64_t>(facts->st_size)});
    }
  }
  std::ranges::sort(found, {}, &ParkedInfo::name);
  return found;
}

ImageFile ImageFolder::open(const ParkedName& name) const {
  if (!has(name)) throw Error(ErrorKind::engine, "there is no parked copy " + name.str());
  return ImageFile(path_of(name));
}

std::unique_ptr<ImageFileDraft> ImageFolder::draft(const ParkedName& name) const {
  if (has(name)) throw Error(ErrorKind::engine, "the parked copy " + name.str() + " exists");
  return redraft(name);
}

std::unique_ptr<ImageFileDraft> ImageFolder::redraft(const ParkedName& name) const {
  make();
  return std::make_unique<ImageFileDraft>(path_of(name));
}

void ImageFolder::link(const ParkedName& from, const ParkedName& to) const {
  if (!has(from)) throw Error(ErrorKind::engine, "there is no parked copy " + from.str());
  if (::link(path_of(from).c_str(), path_of(to).c_str()) != 0) {
    if (errno == EEXIST) throw Error(ErrorKind::engine, "the parked copy " + to.str() + " exists");
    throw_errno(errno, "make a link of", path_of(from));
  }
  sync_folder(folder_);
}

void ImageFolder::remove(const ParkedName& name) const {
  if (remove_file(path_of(name))) sync_folder(folder_);
}

}  // namespace quemsi
