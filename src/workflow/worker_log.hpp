// Where background processes write what went wrong.
#pragma once

#include <filesystem>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// Cut when it has grown beyond use.
std::filesystem::path worker_log(Project& project);

}  // namespace quemsi
