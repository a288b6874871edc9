// Who works here.
#pragma once

#include <string>

#include "git/git_command.hpp"

namespace quemsi {

/// `Name <mail>` as git would write it into a commit; where git has no answer,
/// `user <user@host>`, and "unknown" where there is not even that.
std::string author_of(const GitCommand& git);

}  // namespace quemsi
