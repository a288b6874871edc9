#include "cli/commands/accept_config.hpp"

#include "cli/output/config_text.hpp"

namespace quemsi::cli {

void accept_config(Session& session) {
  Project& project = session.project();
  const std::string change = trust_text(project.trust().latest(), project.config().sensitive);
  session.say(change.empty() ? "Trusted already\n" : "Trusting\n" + change);
  adopt_worktree(project);
}

}  // namespace quemsi::cli
