#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>

#include "catalogue/impl.hpp"
#include "catalogue/rows.hpp"

namespace quemsi {
namespace {

constexpr std::string_view image_columns =
    "snapshot, id, database, engine, content, bytes, stored_bytes, parked, manifest";

Image read_image(const sqlite::Statement& row) {
  Image image{.id = ImageId(row.column_text(1)),
              .database = row.column_text(2),
              .engine = row.column_text(3),
              .content = row.column_text(4) == "all" ? Content::all : Content::schema,
              .bytes = static_cast<std::uint64_t>(row.column_int(5)),
              .stored_bytes = static_cast<std::uint64_t>(row.column_int(6)),
              .parked = optional_id<ParkedName>(row, 7)};
  if (!row.column_is_null(8)) image.manifest = chunk_id(row, 8);
  return image;
}

void insert_packs(CatalogueImpl& impl, const ImageId& id, const std::vector<std::string>& packs) {
  for (const std::string& pack : packs) {
    impl.statement("INSERT OR IGNORE INTO image_pack (image, pack) VALUES (?, ?)")
        .bind(id.str())
        .bind(pack)
        .run();
  }
}

bool is_indexed(CatalogueImpl& impl, const std::string& pack) {
  sqlite::Statement row = impl.connection().prepare("SELECT 1 FROM pack WHERE name = ?");
  row.bind(pack);
  return row.step();
}

/// When packs were merged since the image was looked at: what others of its manifest need by now.
std::vector<std::string> packs_today(CatalogueImpl& impl, const Image& image) {
  const auto known = [&](const std::string& pack) { return is_indexed(impl, pack); };
  if (!image.manifest || std::ranges::all_of(image.packs, known)) return image.packs;
  sqlite::Statement rows = impl.connection().prepare(
      "SELECT pack FROM image_pack WHERE image = "
      "(SELECT id FROM image WHERE manifest = ? AND id <> ? LIMIT 1)");
  rows.bind(std::span<const std::byte>(image.manifest->bytes())).bind(image.id.str());
  std::vector<std::string> packs;
  while (rows.step()) packs.push_back(rows.column_text(0));
  return packs.empty() ? image.packs : packs;
}

std::optional<std::span<const std::byte>> blob_of(const std::optional<ChunkId>& id) {
  if (!id) return std::nullopt;
  return std::span<const std::byte>(id->bytes());
}

std::vector<Image> images_where(CatalogueImpl& impl, const std::string& condition) {
  std::vector<Image> images;
  read_images(
      impl, condition, ImageOrder::by_use,
      [&](const std::string& /*snapshot*/, Image image) { images.push_back(std::move(image)); });
  return images;
}

std::vector<ImageId> images_of_manifest(CatalogueImpl& impl, const ChunkId& manifest) {
  sqlite::Statement rows = impl.connection().prepare("SELECT id FROM image WHERE manifest = ?");
  rows.bind(std::span<const std::byte>(manifest.bytes()));
  std::vector<ImageId> images;
  while (rows.step()) images.emplace_back(rows.column_text(0));
  return images;
}

}  // namespace

std::string sqlite_text(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted;
}

void insert_images(CatalogueImpl& impl, const Snapshot& snapshot) {
  std::int64_t position = 0;
  for (const Image& image : snapshot.images) {
    impl.statement(
            "INSERT INTO image (id, snapshot, position, database, engine, content, bytes, "
            "stored_bytes, parked, manifest, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(image.id.str())
        .bind(snapshot.id.str())
        .bind(position++)
        .bind(image.database)
        .bind(image.engine)
        .bind(image.content == Content::all ? "all" : "schema")
        .bind(static_cast<std::int64_t>(image.bytes))
        .bind(static_cast<std::int64_t>(image.stored_bytes))
        .bind(text_of(image.parked))
        .bind(blob_of(image.manifest))
        .bind(to_number(snapshot.created_at))
        .run();
    insert_packs(impl, image.id, packs_today(impl, image));
  }
}

void read_images(CatalogueImpl& impl, const std::string& condition, ImageOrder order,
                 const std::function<void(const std::string&, Image)>& take) {
  std::unordered_map<std::string, std::vector<std::string>> packs;
  const std::string those =
      condition == every_row
          ? ""
          : fmt::format("WHERE image IN (SELECT id FROM image WHERE {})", condition);
  sqlite::Statement pack_rows = impl.connection().prepare(
      fmt::format("SELECT image, pack FROM image_pack {} ORDER BY image, pack", those));
  while (pack_rows.step()) packs[pack_rows.column_text(0)].push_back(pack_rows.column_text(1));
  sqlite::Statement rows = impl.connection().prepare(
      fmt::format("SELECT {} FROM image WHERE {} ORDER BY {}", image_columns, condition,
                  order == ImageOrder::by_use ? "used_at, snapshot, position" : "rowid"));
  while (rows.step()) {
    Image image = read_image(rows);
    const auto found = packs.find(image.id.str());
    if (found != packs.end()) image.packs = std::move(found->second);
    take(rows.column_text(0), std::move(image));
  }
}

std::optional<Image> Catalogue::image(const ImageId& id) {
  std::vector<Image> found = images_where(*impl_, fmt::format("id = '{}'", sqlite_text(id.str())));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<SnapshotId> Catalogue::snapshot_of_image(const ImageId& id) {
  sqlite::Statement row = impl_->connection().prepare("SELECT snapshot FROM image WHERE id = ?");
  row.bind(id.str());
  if (!row.step()) return std::nullopt;
  return SnapshotId(row.column_text(0));
}

void Catalogue::set_parked(const ImageId& id, const std::optional<ParkedName>& name) {
  impl_->change([&] {
    impl_->statement("UPDATE image SET parked = ? WHERE id = ?")
        .bind(text_of(name))
        .bind(id.str())
        .run();
  });
}

void Catalogue::set_sealed(const ImageId& id, const SealedImage& sealed) {
  impl_->change([&] {
    impl_->statement("UPDATE image SET manifest = ?, stored_bytes = ? WHERE id = ?")
        .bind(std::span<const std::byte>(sealed.manifest.bytes()))
        .bind(static_cast<std::int64_t>(sealed.stored_bytes))
        .bind(id.str())
        .run();
    // Whoever has the same manifest needs the same packs: it may have been sealed anew.
    for (const ImageId& twin : images_of_manifest(*impl_, sealed.manifest)) {
      impl_->statement("DELETE FROM image_pack WHERE image = ?").bind(twin.str()).run();
      insert_packs(*impl_, twin, sealed.packs);
    }
  });
}

void Catalogue::clear_seal(const ImageId& id) {
  impl_->change([&] {
    impl_->statement("UPDATE image SET manifest = NULL WHERE id = ?").bind(id.str()).run();
    impl_->statement("DELETE FROM image_pack WHERE image = ?").bind(id.str()).run();
  });
}

std::vector<Image> Catalogue::parked_images(const std::string& database) {
  return images_where(*impl_,
                      fmt::format("parked IS NOT NULL AND database = '{}'", sqlite_text(database)));
}

void Catalogue::touch(const ImageId& id, Timestamp when) {
  impl_->change([&] {
    impl_->statement("UPDATE image SET used_at = ? WHERE id = ?")
        .bind(to_number(when))
        .bind(id.str())
        .run();
  });
}

std::vector<Image> Catalogue::unsealed_images() { return images_where(*impl_, "manifest IS NULL"); }

}  // namespace quemsi
