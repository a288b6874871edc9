#include "engine/sqlite/sole_use.hpp"

#include "engine/sqlite/hash.hpp"
#include "engine/sqlite/opening.hpp"
#include "engine/sqlite/pages.hpp"
#include "engine/sqlite/token.hpp"
#include "util/fd.hpp"

namespace quemsi::sqlite_engine {

void tidy(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout) {
  sqlite::Connection connection = open_database(file, busy_timeout);
  try_empty_wal(connection);
}

bool stands_alone(const std::filesystem::path& file) {
  if (has_hot_journal(file)) return false;
  remove_file(journal_of(file));
  return !has_sidecars(file);
}

bool holds(const Token& expected, const std::filesystem::path& file, const Lease& lease) {
  return proves_locked(expected, file, [&] {
    return file_hash(lease.fd(), read_layout(lease.fd(), file).bytes(), file);
  });
}

}  // namespace quemsi::sqlite_engine
