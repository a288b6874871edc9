#include "faults/injection.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "support/file_damage.hpp"
#include "util/fd.hpp"

namespace quemsi::test {

bool strikes_all() {
  const char* wanted = std::getenv("QUEMSI_FAULTS");
  return wanted != nullptr && std::string(wanted) == "long";
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
  user.set("LD_PRELOAD", QUEMSI_FAULT_PRELOAD);
}

void Injection::clear(Sandbox& user) {
  for (const char* name :
       {"QUEMSI_FAULT_PLAN", "QUEMSI_FAULT_ROOT", "QUEMSI_FAULT_VERB", "LD_PRELOAD"}) {
    user.unset(name);
  }
}

}  // namespace quemsi::test
