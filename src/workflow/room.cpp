#include "workflow/room.hpp"

#include <fmt/core.h>

#include "util/disk.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

/// Rows hardly ever shrink by more than that.
constexpr std::uint64_t best_compression = 10;

Error no_room(const std::string& what, std::uint64_t bytes, std::uint64_t free) {
  return Error(ErrorKind::io, "there is not enough room for " + what)
      .cause(fmt::format("it takes {}, and {} are free", human_bytes(bytes), human_bytes(free)))
      .hint("git quemsi gc        frees what nobody needs")
      .hint("git quemsi doctor    shows what takes how much");
}

}  // namespace

void require_room(Project& project, const std::string& database, std::uint64_t bytes) {
  const std::optional<std::uint64_t> free = project.database(database).free_bytes();
  if (!free || *free >= bytes) return;
  throw no_room(fmt::format("a copy of database '{}'", database), bytes, *free);
}

void require_room_in_store(Project& project, std::uint64_t bytes) {
  const std::uint64_t least = bytes / best_compression;
  const std::optional<std::uint64_t> free = free_space(project.state_dir());
  if (!free || *free >= least) return;
  throw no_room("the snapshot in " + project.state_dir().string(), least, *free);
}

}  // namespace quemsi
