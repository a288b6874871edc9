// What taking a snapshot and following a branch share.
#pragma once

#include <map>

#include "quemsi/workflow.hpp"
#include "workflow/capture.hpp"

namespace quemsi {

/// Live provably equals the snapshot: it becomes base and tip, if it holds every
/// database that exists, whole. Call it inside a transaction.
void stand_at(Project& project, Owner owner, const Snapshot& snapshot,
              const std::map<std::string, Token>& tokens);

/// The copies become the snapshot's parked images; queues their seals. One
/// transaction, which also takes the capture's journal entry out.
Snapshot record_capture(Project& project, const Owner& owner, Snapshot snapshot,
                        const Capture& capture);

}  // namespace quemsi
