#include "engine/sqlite/hash.hpp"

#define XXH_INLINE_ALL  // NOLINT(cppcoreguidelines-macro-usage): how the library is asked for
#include <xxhash.h>

#include <fmt/format.h>

#include <cstddef>
#include <vector>

#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::sqlite_engine {

namespace {

std::string hex_of(XXH128_hash_t hash) {
  XXH128_canonical_t canonical{};
  XXH128_canonicalFromHash(&canonical, hash);
  return to_hex({reinterpret_cast<const char*>(canonical.digest), sizeof canonical.digest});
}

}  // namespace

std::string content_hash(sqlite::Connection& connection) {
  sqlite3_int64 size = 0;
  const CHandle<unsigned char, sqlite3_free> bytes(
      sqlite3_serialize(connection.handle(), "main", &size, 0));
  if (!bytes && size != 0) {
    throw Error(ErrorKind::engine, "cannot read all of " + connection.file().string());
  }
  return hex_of(XXH3_128bits(bytes.get(), static_cast<std::size_t>(size)));
}

std::string file_hash(const Fd& fd, std::uint64_t bytes, const std::filesystem::path& file) {
  std::vector<std::byte> content(bytes);
  read_exact_at(fd, content, 0, file);
  return hex_of(XXH3_128bits(content.data(), content.size()));
}

std::string text_hash(std::string_view text) {
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

}  // namespace quemsi::sqlite_engine
