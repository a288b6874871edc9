#include "catalogue/impl.hpp"

namespace quemsi {
namespace {

std::vector<PackInfo> read_packs(sqlite::Statement rows) {
  std::vector<PackInfo> packs;
  while (rows.step()) {
    packs.push_back({rows.column_text(0), static_cast<std::uint64_t>(rows.column_int(1))});
  }
  return packs;
}

std::vector<ChunkId> read_ids(sqlite::Statement rows) {
  std::vector<ChunkId> ids;
  while (rows.step()) ids.push_back(chunk_id(rows, 0));
  return ids;
}

}  // namespace

std::optional<ChunkLocation> Catalogue::find(const ChunkId& id) {
  sqlite::Statement& row = impl_->statement(
      "SELECT pack, kind, offset, stored_bytes, raw_bytes FROM chunk WHERE id = ? LIMIT 1");
  row.bind(std::span<const std::byte>(id.bytes()));
  std::optional<ChunkLocation> found;
  if (row.step()) {
    found = ChunkLocation{row.column_text(0),
                          {.id = id,
                           .kind = static_cast<ChunkKind>(row.column_int(1)),
                           .offset = static_cast<std::uint64_t>(row.column_int(2)),
                           .stored_bytes = static_cast<std::uint32_t>(row.column_int(3)),
                           .raw_bytes = static_cast<std::uint32_t>(row.column_int(4))}};
  }
  // A statement that is left standing on a row keeps a read transaction open.
  row.reset();
  return found;
}

void Catalogue::add_pack(const PackInfo& pack, std::span<const PackEntry> entries) {
  impl_->change([&] {
    impl_->statement("INSERT OR REPLACE INTO pack (name, bytes) VALUES (?, ?)")
        .bind(pack.name)
        .bind(static_cast<std::int64_t>(pack.bytes))
        .run();
    for (const PackEntry& entry : entries) {
      // Two writers at once may store a chunk twice: each image counts on its own copy,
      // so both are known.
      impl_
          ->statement(
              "INSERT OR REPLACE INTO chunk (id, pack, kind, offset, stored_bytes, "
              "raw_bytes) VALUES (?, ?, ?, ?, ?, ?)")
          .bind(std::span<const std::byte>(entry.id.bytes()))
          .bind(pack.name)
          .bind(static_cast<std::int64_t>(entry.kind))
          .bind(static_cast<std::int64_t>(entry.offset))
          .bind(std::int64_t{entry.stored_bytes})
          .bind(std::int64_t{entry.raw_bytes})
          .run();
    }
  });
}

std::vector<PackInfo> Catalogue::packs() {
  return read_packs(impl_->connection().prepare("SELECT name, bytes FROM pack ORDER BY name"));
}

std::vector<PackInfo> Catalogue::unused_packs() {
  return read_packs(impl_->connection().prepare(
      "SELECT name, bytes FROM pack "
      "WHERE NOT EXISTS (SELECT 1 FROM image_pack WHERE image_pack.pack = pack.name) "
      "AND NOT EXISTS (SELECT 1 FROM snapshot WHERE snapshot.record_pack = pack.name) "
      "ORDER BY name"));
}

void Catalogue::remove_pack(const std::string& name) {
  impl_->change([&] { impl_->statement("DELETE FROM pack WHERE name = ?").bind(name).run(); });
}

std::vector<PackEntry> Catalogue::pack_entries(const std::string& name) {
  sqlite::Statement rows = impl_->connection().prepare(
      "SELECT id, kind, offset, stored_bytes, raw_bytes FROM chunk WHERE pack = ? ORDER BY offset");
  rows.bind(name);
  std::vector<PackEntry> entries;
  while (rows.step()) {
    entries.push_back({.id = chunk_id(rows, 0),
                       .kind = static_cast<ChunkKind>(rows.column_int(1)),
                       .offset = static_cast<std::uint64_t>(rows.column_int(2)),
                       .stored_bytes = static_cast<std::uint32_t>(rows.column_int(3)),
                       .raw_bytes = static_cast<std::uint32_t>(rows.column_int(4))});
  }
  return entries;
}

void Catalogue::replace_packs(const std::vector<std::string>& old, const PackContents& merged) {
  transaction([&] {
    add_pack(merged.info, merged.entries);
    for (const std::string& name : old) {
      if (name == merged.info.name) continue;
      for (const char* sql :
           {"INSERT OR IGNORE INTO image_pack (image, pack) SELECT image, ?2 FROM image_pack "
            "WHERE pack = ?1",
            "UPDATE snapshot SET record_pack = ?2 WHERE record_pack = ?1"}) {
        impl_->statement(sql).bind(name).bind(merged.info.name).run();
      }
      impl_->statement("DELETE FROM image_pack WHERE pack = ?").bind(name).run();
      remove_pack(name);
    }
  });
}

std::vector<ChunkId> Catalogue::manifests() {
  return read_ids(impl_->connection().prepare(
      "SELECT DISTINCT manifest FROM image WHERE manifest IS NOT NULL"));
}

std::vector<ChunkId> Catalogue::records() {
  return read_ids(
      impl_->connection().prepare("SELECT record FROM snapshot WHERE record IS NOT NULL"));
}

void Catalogue::remove_chunk(const ChunkId& id, const std::string& pack) {
  impl_->change([&] {
    impl_->statement("DELETE FROM chunk WHERE id = ? AND pack = ?")
        .bind(std::span<const std::byte>(id.bytes()))
        .bind(pack)
        .run();
  });
}

}  // namespace quemsi
