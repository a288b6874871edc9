// Making what a file holds the content of a database of somebody's.
#pragma once

#include "engine/common/image_file.hpp"
#include "engine/postgresql/server.hpp"

namespace quemsi::postgresql_engine {

/// On any server, in one transaction. The database must exist: Error(unsupported) tells how to make
/// it. Throws Error(user) when anything is in it, unless `replace`; Error(busy) when somebody is,
/// whatever the policy.
void publish_in_place(const Server& server, const ImageFile& file, const DatabaseSpec& target,
                      bool replace);

}  // namespace quemsi::postgresql_engine
