#include "engine/sqlite/removal.hpp"

#include "engine/sqlite/holders.hpp"
#include "engine/sqlite/sole_use.hpp"
#include "engine/sqlite/swap.hpp"

namespace quemsi::sqlite_engine {
namespace {

[[noreturn]] void throw_in_use(const std::filesystem::path& file) {
  throw_busy(file, file.string() + " is in use");
}

}  // namespace

void drop_live(const std::filesystem::path& live, const ParkedFolder& parked, const Token& token,
               const ParkedName& by_way_of, std::chrono::milliseconds busy_timeout) {
  if (!identity_of(live)) return;
  const std::filesystem::path aside = parked.place(by_way_of);
  make_folder(aside.parent_path());
  tidy(live, busy_timeout);
  {
    const auto lease = Lease::take(live);
    if (!lease || !stands_alone(live)) throw_in_use(live);
    if (!holds(token, live, *lease)) throw_changed(live);
    if (!lease->untouched() || !rename_new(live, aside)) throw_in_use(live);
    // Who had found the file by then waits to open it: he is to find it where he looked for it.
    if (!lease->untouched()) {
      rename_new(aside, live);
      throw_in_use(live);
    }
  }
  parked.drop(by_way_of);
}

}  // namespace quemsi::sqlite_engine
