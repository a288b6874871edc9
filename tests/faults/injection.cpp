#include "faults/injection.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>

#include "support/file_damage.hpp"
#include "util/fd.hpp"

namespace quemsi::test {
namespace {

/// Gone with its owner.
class Link {
 public:
  explicit Link(const std::filesystem::path& object)
      : path_("/tmp/quemsi-" + std::to_string(getpid()) + "-" + object.filename().string()) {
    std::filesystem::remove(path_);
    std::filesystem::create_symlink(object, path_);
  }
  ~Link() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace

std::string preloadable(const std::filesystem::path& object) {
  static std::map<std::string, std::unique_ptr<const Link>> links;
  auto& link = links[object.string()];
  if (!link) link = std::make_unique<Link>(object);
  return link->path();
}

Injection::Injection(const std::filesystem::path& folder) : file_(folder / "fault plan") {
  write_file(file_, std::string(sizeof(fault_plan), '\0'));
  const Fd fd = open_file(file_, O_RDWR);
  void* mapped = mmap(nullptr, sizeof(fault_plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (mapped == MAP_FAILED) throw std::runtime_error("cannot map " + file_.string());
  plan_ = static_cast<fault_plan*>(mapped);
}

Injection::~Injection() { munmap(plan_, sizeof(fault_plan)); }

void Injection::set(Sandbox& user, const std::string& verb, const Fault& fault, std::int64_t at) {
  std::memset(plan_, 0, sizeof(fault_plan));
  plan_->action = fault.action;
  plan_->code = fault.code;
  // Nothing is ever hit at this number, and every call that could be is counted.
  plan_->at = at > 0 ? at : INT64_MAX;
  user.set("QUEMSI_FAULT_PLAN", file_.string());
  user.set("QUEMSI_FAULT_ROOT", user.top().string());
  user.set("QUEMSI_FAULT_VERB", verb);
  user.set("LD_PRELOAD", preloadable(QUEMSI_FAULT_PRELOAD));
}

std::int64_t Injection::step(std::int64_t calls, std::int64_t most) {
  return strikes_all() ? 1 : std::max<std::int64_t>(1, calls / most);
}

void Injection::clear(Sandbox& user) {
  for (const char* name :
       {"QUEMSI_FAULT_PLAN", "QUEMSI_FAULT_ROOT", "QUEMSI_FAULT_VERB", "LD_PRELOAD"}) {
    user.unset(name);
  }
}

}  // namespace quemsi::test
