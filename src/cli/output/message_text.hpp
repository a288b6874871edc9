// What a message tells of the databases.
#pragma once

#include <string>

#include "quemsi/workflow.hpp"

namespace quemsi::cli {

/// Baseline, progress, current state and how to resume, then the trailers.
std::string message_text(const MessageBlock& block);
/// A line each.
std::string trailers_text(const MessageBlock& block);

}  // namespace quemsi::cli
