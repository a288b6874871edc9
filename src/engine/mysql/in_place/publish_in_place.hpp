// Making what a file holds the content of a schema of somebody's.
#pragma once

#include "engine/common/image_folder.hpp"
#include "engine/mysql/server.hpp"

namespace quemsi::mysql_engine {

/// On any server; spends the file. A schema that is not there is made where the user may: else
/// Error(unsupported) tells how. Throws Error(user) when anything is in it, unless `replace`;
/// Error(busy) when somebody is, whatever the policy.
void publish_in_place(const Server& server, const ImageFolder& folder, const ParkedName& name,
                      const DatabaseSpec& target, bool replace);

}  // namespace quemsi::mysql_engine
