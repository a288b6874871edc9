// --chain and --force: what to do about a hook that somebody else put there.
#pragma once

#include "cli/command.hpp"
#include "quemsi/git.hpp"

namespace quemsi::cli {

class HookMode {
 public:
  void declare(Syntax& syntax) {
    syntax.flag("--chain", chain_, "keep a hook that is there and run it first");
    syntax.flag("--force", force_, "replace a hook that is there");
  }
  [[nodiscard]] InstallMode mode() const {
    if (chain_ && force_) throw UsageError("--chain and --force exclude each other");
    if (chain_) return InstallMode::chain;
    return force_ ? InstallMode::force : InstallMode::careful;
  }

 private:
  bool chain_ = false;
  bool force_ = false;
};

}  // namespace quemsi::cli
