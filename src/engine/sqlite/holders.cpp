#include "engine/sqlite/holders.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "quemsi/error.hpp"
#include "util/fd.hpp"
#include "util/text.hpp"

namespace quemsi::sqlite_engine {
namespace {

std::optional<int> number(const std::filesystem::path& path) {
  const std::string text = path.filename().string();
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The descriptor in a /proc/<pid>/fd folder that is this file.
std::optional<int> descriptor_in(const std::filesystem::path& folder, const FileIdentity& file) {
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    struct stat info {};
    if (stat(it->path().c_str(), &info) != 0) continue;
    if (FileIdentity{info.st_dev, info.st_ino} == file) return number(it->path());
  }
  return std::nullopt;
}

std::string describe(const std::filesystem::path& process, int pid) {
  const auto name = read_text_file_if_exists(process / "comm");
  return std::string(trim(name.value_or("?"))) + " (pid " + std::to_string(pid) + ")";
}

}  // namespace

std::vector<std::string> holders_of(const std::filesystem::path& file) {
  std::vector<std::string> holders;
  const auto identity = identity_of(file);
  if (!identity) return holders;
  std::error_code error;
  for (std::filesystem::directory_iterator it("/proc", error), end; !error && it != end;
       it.increment(error)) {
    const auto pid = number(it->path());
    if (!pid || *pid == getpid() || !descriptor_in(it->path() / "fd", *identity)) continue;
    holders.push_back(describe(it->path(), *pid));
  }
  std::ranges::sort(holders);
  return holders;
}

std::optional<int> own_descriptor(const FileIdentity& file) {
  return descriptor_in("/proc/self/fd", file);
}

bool is_descriptor_of(int descriptor, const FileIdentity& file) {
  struct stat info {};
  return fstat(descriptor, &info) == 0 && FileIdentity{info.st_dev, info.st_ino} == file;
}

void throw_busy(const std::filesystem::path& file, const std::string& what) {
  const std::vector<std::string> holders = holders_of(file);
  Error error(ErrorKind::busy, what);
  if (holders.empty()) {
    error.cause("some process holds a lock on " + file.string());
  } else {
    error.cause(file.string() + " is open in " + join(holders, ", "));
  }
  error.hint("close it there, or wait until it is done, then run the command again");
  throw std::move(error);
}

}  // namespace quemsi::sqlite_engine
