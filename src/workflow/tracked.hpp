// Databases that are files in git. git writes them on checkout, before any hook runs: what is live
// then is not what the branch that was left had in it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// The live database's file, relative to the worktree's top, if git tracks it.
std::optional<std::string> tracked_file(Project& project, const std::string& database);
/// Those of all databases.
std::vector<std::string> tracked_files(Project& project);

/// What is to be done about it, with the remedy as a hint; in one line.
Error tracked_error(const std::string& file);
std::string tracked_line(const std::string& file);

}  // namespace quemsi
