#include "faults/small_disk.hpp"

#include <sys/mount.h>
#include <sys/statvfs.h>

#include <fstream>
#include <string>
#include <system_error>

namespace quemsi::test {

SmallDisk::SmallDisk(std::size_t bytes) {
  const std::string options = "mode=0755,size=" + std::to_string(bytes);
  if (mount("quemsi-test", folder_.path().c_str(), "tmpfs", 0, options.c_str()) != 0) {
    throw std::system_error(errno, std::generic_category(), "mount tmpfs");
  }
}

SmallDisk::~SmallDisk() { umount2(folder_.path().c_str(), MNT_DETACH); }

std::size_t SmallDisk::room() const {
  struct statvfs info {};
  if (statvfs(path().c_str(), &info) != 0) throw std::runtime_error("statvfs");
  return info.f_bavail * info.f_frsize;
}

void SmallDisk::fill_up_to(std::size_t left) const {
  const std::size_t now = room();
  // A server may take the last of it meanwhile: then it is as full as it can be.
  if (now > left) std::ofstream(ballast(), std::ios::binary) << std::string(now - left, 'x');
}

void SmallDisk::make_room() const { std::filesystem::remove(ballast()); }

}  // namespace quemsi::test
