#include "git/config_hooks.hpp"

#include <charconv>
#include <string_view>
#include <utility>

#include "git/git_config.hpp"
#include "util/fd.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

namespace fs = std::filesystem;
using Version = std::pair<int, int>;

constexpr Version first_with_config_hooks{2, 54};

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// "git version 2.39.5 (Apple Git-154)"
Version parse_version(std::string_view text) {
  constexpr std::string_view prefix = "git version ";
  if (!text.starts_with(prefix)) return {0, 0};
  const std::vector<std::string> parts = split(text.substr(prefix.size()), '.');
  return {number(parts[0]), parts.size() > 1 ? number(parts[1]) : 0};
}

/// One section a hook: git passes no event's name to a command.
std::string section(const Shim& shim) { return "hook.quemsi-" + std::string(shim.hook); }

bool stands_in(const std::map<std::string, std::string>& settings, const Shim& shim) {
  const std::string prefix = section(shim) + ".";
  const auto first = settings.lower_bound(prefix);
  return first != settings.end() && first->first.starts_with(prefix);
}

bool says(const std::map<std::string, std::string>& settings, const std::string& key,
          std::string_view value) {
  const auto found = settings.find(key);
  return found != settings.end() && found->second == value;
}

}  // namespace

ConfigHooks::ConfigHooks(const GitCommand& git)
    : git_(git), folder_(git.location().common_dir / "quemsi" / "hooks") {}

bool ConfigHooks::are_supported() const {
  return parse_version(git_.output({"version"})) >= first_with_config_hooks;
}

HookSlot ConfigHooks::slot(const Shim& shim) const { return {folder_, shim}; }

fs::path ConfigHooks::file(const Shim& shim) const { return slot(shim).file(); }

std::string ConfigHooks::command(const Shim& shim) const {
  const std::string quoted = shell_quote(file(shim).string());
  // git appends "$@". Without the test, a repository that was moved would fail every checkout.
  return "test ! -x " + quoted + " || " + quoted;
}

std::map<std::string, std::string> ConfigHooks::settings() const {
  return read_config_matching(git_, {"--local", "--get-regexp", R"(^hook\.quemsi-[^.]+\.[^.]+$)"});
}

HookState ConfigHooks::state(const Shim& shim,
                             const std::map<std::string, std::string>& settings) const {
  if (!stands_in(settings, shim)) return HookState::absent;
  const bool current = says(settings, section(shim) + ".command", command(shim)) &&
                       says(settings, section(shim) + ".event", shim.hook) &&
                       slot(shim).state() == HookState::ours;
  return current ? HookState::ours : HookState::ours_outdated;
}

void ConfigHooks::install(const Shim& shim, const fs::path& program) const {
  slot(shim).write(program);
  write_local_config(git_, section(shim) + ".command", command(shim));
  write_local_config(git_, section(shim) + ".event", std::string(shim.hook));
}

void ConfigHooks::remove(const Shim& shim,
                         const std::map<std::string, std::string>& settings) const {
  if (stands_in(settings, shim)) remove_local_section(git_, section(shim));
  remove_file(file(shim));
  std::error_code not_empty;
  fs::remove(folder_, not_empty);
}

}  // namespace quemsi
