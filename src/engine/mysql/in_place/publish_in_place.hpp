// Making what a file holds the content of a schema of somebody's.
#pragma once

#include <vector>

#include "engine/common/image_folder.hpp"
#include "engine/mysql/server.hpp"

namespace quemsi::mysql_engine {

/// On any server; spends the file. A schema that is not there is made where the user may: else
/// Error(unsupported) tells how. Throws Error(user) when anything is in it, unless `replace`;
/// Error(busy) when somebody is, whatever the policy.
void publish_in_place(const Server& server, const ImageFolder& folder, const ParkedName& name,
                      const DatabaseSpec& target, bool replace);

/// Finishes or takes back what a process did not come to the end of. Returns the copies that are a
/// part of one that is under way, or that cannot be settled now: nobody may drop those.
std::vector<ParkedName> settle_publish_in_place(const Server& server, const ImageFolder& folder);

}  // namespace quemsi::mysql_engine
