// Reading every byte of every pack.
#pragma once

#include <vector>

#include "quemsi/progress.hpp"
#include "quemsi/store.hpp"
#include "store/store_folder.hpp"

namespace quemsi {

/// In the order of the packs' names, and of the chunks within.
std::vector<StoreFinding> check_packs(const StoreFolder& folder, Progress& progress);

/// What an error says, causes included, on one line.
std::string reason_of(const Error& error);

}  // namespace quemsi
