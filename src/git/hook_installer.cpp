#include "git/hook_installer.hpp"

#include <unistd.h>

#include <algorithm>
#include <set>

#include "git/hook_managers.hpp"
#include "git/hook_slot.hpp"
#include "quemsi/error.hpp"

namespace quemsi {
namespace {

namespace fs = std::filesystem;

bool lies_in(const fs::path& path, const fs::path& folder) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

/// What another hook manager's own file needs to say.
std::string line_for(const fs::path& file) {
  return "add to " + file.string() + ":  git quemsi hook " + file.filename().string() + " \"$@\"";
}

Error foreign_hook(const HookSlot& slot) {
  return Error(ErrorKind::user, "there is a " + slot.file().filename().string() +
                                    " hook already, and it is not ours: " + slot.file().string())
      .hint("git quemsi install --chain   runs it first, then ours")
      .hint("git quemsi install --manual  shows what to add to it")
      .hint("git quemsi install --force   sets it aside, uncalled");
}

/// git passes over a hook that it may not execute.
bool is_executable(const fs::path& file) { return access(file.c_str(), X_OK) == 0; }

HookStatus slot_status(const HookSlot& slot, const fs::path& top) {
  HookState state = slot.state();
  if (state == HookState::foreign && calls_ours(slot.file(), top)) state = HookState::managed;
  return {.name = slot.file().filename().string(),
          .file = slot.file(),
          .state = state,
          .executable = state == HookState::absent || is_executable(slot.file())};
}

void prepare(const HookSlot& slot, InstallMode mode) {
  if (mode == InstallMode::force) slot.set_aside();
  if (mode == InstallMode::chain && slot.state() == HookState::foreign) slot.chain();
}

}  // namespace

bool is_installed(HookState state) {
  return state != HookState::absent && state != HookState::foreign;
}

fs::path HookInstaller::folder() const {
  std::string path = git_.output({"rev-parse", "--path-format=absolute", "--git-path", "hooks"});
  path.pop_back();
  return path;
}

fs::path HookInstaller::default_folder() const { return git_.location().common_dir / "hooks"; }

bool HookInstaller::is_within_repository(const fs::path& folder) const {
  const fs::path real = fs::weakly_canonical(folder);
  const Location& at = git_.location();
  // The main worktree is this repository as well, seen from a linked one.
  const bool beside = at.common_dir.filename() == ".git";
  return lies_in(real, at.top) || lies_in(real, at.common_dir) ||
         (beside && lies_in(real, at.common_dir.parent_path()));
}

void HookInstaller::check_folder(const fs::path& folder) const {
  const fs::path real = fs::weakly_canonical(folder);
  if (is_huskys(real)) {
    throw Error(ErrorKind::user, "husky manages the hooks of this repository")
        .cause("core.hooksPath is " + folder.string())
        .hint(line_for(real.parent_path() / shims().front().hook))
        .hint("git quemsi install --manual");
  }
  if (!is_within_repository(folder)) {
    throw Error(ErrorKind::user, "the hooks of this repository lie outside of it")
        .cause("core.hooksPath is " + folder.string() + ", which other repositories may share")
        .hint(line_for(folder / shims().front().hook))
        .hint("git quemsi install --manual");
  }
}

std::vector<HookStatus> HookInstaller::status() const {
  std::vector<HookStatus> result;
  const fs::path hooks = folder();
  const auto settings = config_hooks_.settings();
  for (const Shim& shim : shims()) {
    const HookState configured = config_hooks_.state(shim, settings);
    if (configured != HookState::absent && config_hooks_.are_supported()) {
      result.push_back({std::string(shim.hook), config_hooks_.file(shim), configured});
    } else {
      result.push_back(slot_status(HookSlot(hooks, shim), git_.location().top));
    }
  }
  return result;
}

void HookInstaller::install(InstallMode mode, const fs::path& program) const {
  // Config hooks call nobody less; only --force asks for that.
  if (mode != InstallMode::force && config_hooks_.are_supported()) {
    install_in_config(program);
  } else {
    install_in_slots(mode, program);
  }
}

void HookInstaller::install_in_config(const fs::path& program) const {
  const fs::path hooks = folder();
  for (const Shim& shim : shims()) {
    config_hooks_.install(shim, program);
    // A shim from the days of an older git would run as well.
    if (is_within_repository(hooks)) static_cast<void>(HookSlot(hooks, shim).remove());
  }
}

void HookInstaller::install_in_slots(InstallMode mode, const fs::path& program) const {
  const fs::path hooks = folder();
  check_folder(hooks);
  for (const Shim& shim : shims()) {
    const HookSlot slot(hooks, shim);
    if (slot.state() != HookState::foreign) continue;
    if (mode == InstallMode::careful) throw foreign_hook(slot);
    if (mode == InstallMode::chain) slot.check_chain();
  }
  const auto settings = config_hooks_.settings();
  for (const Shim& shim : shims()) {
    const HookSlot slot(hooks, shim);
    prepare(slot, mode);
    slot.write(program);
    config_hooks_.remove(shim, settings);
  }
}

std::vector<std::string> HookInstaller::uninstall() const {
  std::vector<std::string> left;
  const auto settings = config_hooks_.settings();
  const std::set<fs::path> folders{folder(), default_folder()};
  for (const Shim& shim : shims()) {
    config_hooks_.remove(shim, settings);
    for (const fs::path& each : folders) {
      if (is_within_repository(each)) {
        std::vector<std::string> more = HookSlot(each, shim).remove();
        left.insert(left.end(), more.begin(), more.end());
      } else if (HookSlot(each, shim).state() != HookState::absent) {
        left.push_back((each / shim.hook).string() + ": outside of this repository");
      }
    }
  }
  return left;
}

}  // namespace quemsi
