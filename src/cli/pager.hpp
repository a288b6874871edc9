// Long output through the user's pager, as git does it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace quemsi::cli {

struct PagerSources {
  bool terminal = false;                    ///< stdout is one
  bool in_use = false;                      ///< GIT_PAGER_IN_USE: git already pages us
  std::optional<std::string> pager_quemsi;  ///< `pager.quemsi`: a truth value or a command
  std::optional<std::string> git_pager;     ///< GIT_PAGER
  std::optional<std::string> core_pager;    ///< `core.pager`
  std::optional<std::string> pager;         ///< PAGER
};

/// The command for a shell; none: no pager is wanted.
std::optional<std::string> choose_pager(const PagerSources& sources);

/// Hands the text to the pager and waits until the user has left it. False when it cannot be
/// started.
bool show_in_pager(const std::string& command, std::string_view text);

}  // namespace quemsi::cli
