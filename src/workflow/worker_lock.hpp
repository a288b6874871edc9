// One background worker per repository, or none while somebody needs the store at rest.
#pragma once

#include "quemsi/workflow.hpp"
#include "util/file_lock.hpp"

namespace quemsi {

/// Held by a worker as long as it runs.
std::filesystem::path worker_lock(Project& project);

/// Waits until the worker is through with its work, saying so, and keeps another from
/// starting. To be taken before the operation lock: a worker takes that one, too.
/// Throws Error(cancelled).
FileLock keep_worker_away(Project& project, Progress& progress);

}  // namespace quemsi
