// What the process that reads a pin has to say when it gives up, for the next command:
//
//   <state dir>/pin-<snapshot>.failed     a line
#pragma once

#include <exception>
#include <string>

#include "quemsi/workflow.hpp"

namespace quemsi {

/// Never throws for what the disk refuses: then it is as if the process had died.
void write_pin_failure(Project& project, const SnapshotId& id, const std::exception& error);

/// Why the pin was not read to its end.
std::string read_pin_failure(Project& project, const SnapshotId& id);

void forget_pin_failure(Project& project, const SnapshotId& id);

}  // namespace quemsi
