// Shared objects loaded on first use, so that a hook pays only for what it needs.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace quemsi {

/// A loaded module; stays loaded until the process ends (what it handed out may
/// outlive this object).
class Module {
 public:
  /// Throws Error(unsupported) with dlerror's text and what to install.
  explicit Module(const std::filesystem::path& file);

  /// Throws Error(unsupported) when there is no such symbol.
  template <class Function>
  [[nodiscard]] Function* function(const std::string& name) const {
    return reinterpret_cast<Function*>(symbol(name));
  }

 private:
  [[nodiscard]] void* symbol(const std::string& name) const;
  std::filesystem::path file_;
  void* handle_ = nullptr;
};

/// Where our modules are: beside this program when it runs from its build
/// folder, else `<prefix>/lib/git-quemsi`.
std::filesystem::path default_module_dir();
/// Absolute path of the running program.
std::filesystem::path this_program();

}  // namespace quemsi
