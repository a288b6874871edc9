// Installs and removes our hooks, and leaves everybody else's alone.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "git/config_hooks.hpp"
#include "git/git_command.hpp"

namespace quemsi {

class HookInstaller {
 public:
  explicit HookInstaller(const GitCommand& git) : git_(git), config_hooks_(git) {}

  /// Where git looks for hooks: core.hooksPath counts.
  [[nodiscard]] std::filesystem::path folder() const;
  [[nodiscard]] std::vector<HookStatus> status() const;
  void install(InstallMode mode, const std::filesystem::path& program) const;
  [[nodiscard]] std::vector<std::string> uninstall() const;

 private:
  [[nodiscard]] std::filesystem::path default_folder() const;
  [[nodiscard]] bool is_within_repository(const std::filesystem::path& folder) const;
  void install_in_config(const std::filesystem::path& program) const;
  void install_in_slots(InstallMode mode, const std::filesystem::path& program) const;
  void check_folder(const std::filesystem::path& folder) const;

  const GitCommand& git_;
  ConfigHooks config_hooks_;
};

}  // namespace quemsi
