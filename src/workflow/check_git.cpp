#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "util/text.hpp"
#include "workflow/checkup.hpp"

namespace quemsi {
namespace {

constexpr const char* subject = "hooks";

std::vector<std::string> names_of(const std::vector<HookStatus>& hooks, auto wanted) {
  std::vector<std::string> names;
  for (const HookStatus& hook : hooks) {
    if (wanted(hook)) names.push_back(hook.name);
  }
  return names;
}

auto in_state(HookState state) {
  return [state](const HookStatus& hook) { return hook.state == state; };
}

void check_silenced(Checkup& checkup) {
  const char* skip = std::getenv("GIT_QUEMSI_SKIP");
  if (skip == nullptr || std::string_view(skip).empty() || std::string_view(skip) == "0") return;
  checkup.found(subject, Severity::warning,
                Error(ErrorKind::user, "GIT_QUEMSI_SKIP silences the hooks in this shell")
                    .hint("unset GIT_QUEMSI_SKIP"));
}

void check_executable(const std::vector<HookStatus>& hooks, Checkup& checkup) {
  for (const HookStatus& hook : hooks) {
    if (hook.executable) continue;
    checkup.found(
        subject, Severity::error,
        Error(ErrorKind::io, fmt::format("git passes {} over: it is not executable", hook.name))
            .hint(fmt::format("chmod +x '{}'", hook.file.string())));
  }
}

void check_present(const std::vector<HookStatus>& hooks, Checkup& checkup) {
  const auto foreign = names_of(hooks, in_state(HookState::foreign));
  const auto managed = names_of(hooks, in_state(HookState::managed));
  const auto absent = names_of(hooks, in_state(HookState::absent));
  if (!foreign.empty()) {
    checkup.found(subject, Severity::error,
                  Error(ErrorKind::user,
                        fmt::format("{} belong{} to somebody else, and do{} not call git-quemsi",
                                    join(foreign, ", "), foreign.size() == 1 ? "s" : "",
                                    foreign.size() == 1 ? "es" : ""))
                      .hint("git quemsi install --chain     runs theirs first, then ours")
                      .hint("git quemsi install --manual    shows what to add to theirs"));
  }
  if (absent.empty()) return;
  // A hook manager may not know all of git's hooks.
  const Severity severity = managed.empty() ? Severity::error : Severity::note;
  checkup.found(
      subject, severity,
      Error(ErrorKind::user, "not installed: " + join(absent, ", ")).hint("git quemsi install"));
}

void check_current(const std::vector<HookStatus>& hooks, Checkup& checkup) {
  const auto outdated = names_of(hooks, in_state(HookState::ours_outdated));
  if (outdated.empty()) return;
  checkup.found(subject, Severity::warning,
                Error(ErrorKind::user, "of an earlier version: " + join(outdated, ", "))
                    .hint("git quemsi install"));
}

void check_hooks(Project& project, Checkup& checkup) {
  const Repository& repository = project.repository();
  const std::vector<HookStatus> hooks = repository.hooks();
  const auto installed =
      names_of(hooks, [](const HookStatus& hook) { return is_installed(hook.state); });
  if (!installed.empty()) {
    const bool managed = std::ranges::any_of(hooks, in_state(HookState::managed));
    checkup.good(subject, fmt::format("{} in {}{}", join(installed, ", "),
                                      hooks.front().file.parent_path().string(),
                                      managed ? ", through another hook manager" : ""));
  }
  check_present(hooks, checkup);
  check_current(hooks, checkup);
  check_executable(hooks, checkup);
}

}  // namespace

void check_git(Project& project, Checkup& checkup) {
  checkup.good("git", "version " + project.repository().git_version());
  checkup.look_at(subject, [&] { check_hooks(project, checkup); });
  check_silenced(checkup);
}

}  // namespace quemsi
