// `<git common dir>/quemsi`: what is in it, the databases held. So it is the user's alone, unless
// git's core.sharedRepository shares the repository.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "workflow/checkup.hpp"

namespace quemsi {

/// The folder's mode, by core.sharedRepository as git reads it.
mode_t state_folder_mode(const std::optional<std::string>& shared_repository);

/// Unless it is there.
void make_state_folder(Project& project);

/// Warns when more users may look into it than should.
void check_state_folder(Project& project, Checkup& checkup);

}  // namespace quemsi
