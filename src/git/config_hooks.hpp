// Hooks that stand in git's configuration: they share no slot with anybody.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "git/git_command.hpp"
#include "git/hook_slot.hpp"

namespace quemsi {

/// `hook.quemsi-<event>.event` and `.command`, known to git 2.54 and later. The
/// command runs a shim of ours in `<common dir>/quemsi/hooks/`, when it is there.
class ConfigHooks {
 public:
  explicit ConfigHooks(const GitCommand& git);

  /// Whether the git that runs here knows them.
  [[nodiscard]] bool are_supported() const;
  /// Full keys to values of all our sections.
  [[nodiscard]] std::map<std::string, std::string> settings() const;
  /// What those say of one hook.
  [[nodiscard]] HookState state(const Shim& shim,
                                const std::map<std::string, std::string>& settings) const;
  [[nodiscard]] std::filesystem::path file(const Shim& shim) const;
  void install(const Shim& shim, const std::filesystem::path& program) const;
  void remove(const Shim& shim, const std::map<std::string, std::string>& settings) const;

 private:
  [[nodiscard]] HookSlot slot(const Shim& shim) const;
  [[nodiscard]] std::string command(const Shim& shim) const;

  const GitCommand& git_;
  std::filesystem::path folder_;
};

}  // namespace quemsi
