#include "util/module.hpp"

#include <dlfcn.h>

#include <utility>

#include "quemsi/error.hpp"

namespace quemsi {
namespace {

/// Handing out code that could be unloaded is asking for trouble: RTLD_NODELETE.
constexpr int load_flags = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE;

std::string last_dl_error() {
  const char* text = dlerror();
  return text != nullptr ? text : "unknown error";
}

}  // namespace

Module::Module(const std::filesystem::path& file)
    : file_(file), handle_(dlopen(file.c_str(), load_flags)) {
  if (handle_ != nullptr) return;
  throw Error(ErrorKind::unsupported, "cannot load " + file.filename().string())
      .cause(last_dl_error())
      .hint("install git-quemsi again, with the libraries that it needs");
}

void* Module::symbol(const std::string& name) const {
  void* found = dlsym(handle_, name.c_str());
  if (found != nullptr) return found;
  throw Error(ErrorKind::unsupported, file_.filename().string() + " is of another release")
      .cause(last_dl_error())
      .hint("install git-quemsi again");
}

std::filesystem::path this_program() { return std::filesystem::read_symlink("/proc/self/exe"); }

std::filesystem::path default_module_dir() {
  const std::filesystem::path prefix = this_program().parent_path().parent_path();
  const std::filesystem::path relative = std::filesystem::path("lib") / "git-quemsi";
  const std::filesystem::path installed = prefix / QUEMSI_LIBDIR / "git-quemsi";
  return std::filesystem::exists(installed) ? installed : prefix / relative;
}

}  // namespace quemsi
