// Making a parked copy a schema of somebody's.
#pragma once

#include <filesystem>
#include <vector>

#include "engine/mysql/parked.hpp"
#include "quemsi/error.hpp"

namespace quemsi::mysql_engine {

/// By renaming, on the same server only: elsewhere is Error(unsupported). Throws Error(user) when
/// the target exists, unless `replace`; Error(busy) when that is in use, whatever the policy.
void publish(const Server& server, const ParkedRegistry& registry, const ParkedName& name,
             const DatabaseSpec& target, bool replace);

/// Finishes or takes back what a process did not come to the end of. Returns the copies that are a
/// part of one that is under way, or that cannot be settled now: nobody may drop those.
std::vector<ParkedName> settle_publish(const Server& server, const ParkedRegistry& registry);

/// Held by whoever publishes, or settles that: one at a time.
std::filesystem::path publish_lock_file(const ParkedRegistry& registry);

/// That one has to wait, why, and what helps.
void tell_unsettled(const Server& server, const Error& why);

/// Throws Error(busy) with the names of who is connected to it.
void check_unused(Connection& connection, const std::string& schema);

}  // namespace quemsi::mysql_engine
