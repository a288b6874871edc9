#include "fixture.hpp"

namespace quemsi {

std::string nasty_text() {
  std::string text = "it's \"quoted\"; DROP TABLE snapshot; -- \n%_ é 数据 \xf0\x9f\x90\x98 ";
  for (int i = 0; i < 200; ++i) text += "x";
  return text;
}

ChunkId chunk_id(unsigned char fill) {
  ChunkId::Bytes bytes{};
  bytes.fill(static_cast<std::byte>(fill));
  return ChunkId(bytes);
}

Timestamp at(std::int64_t milliseconds) {
  return Timestamp{std::chrono::milliseconds(milliseconds)};
}

Snapshot some_snapshot(std::int64_t time) {
  return {.id = new_snapshot_id(), .branch = "main", .author = "A <a@b>", .created_at = at(time)};
}

Image some_image(const std::string& database) {
  return {.id = new_image_id(), .database = database, .engine = "sqlite"};
}

SealedImage some_seal(unsigned char fill, std::vector<std::string> packs) {
  return {.manifest = chunk_id(fill), .bytes = 10, .stored_bytes = 5, .packs = std::move(packs)};
}

Catalogue& CatalogueTest::catalogue() {
  if (!catalogue_) catalogue_ = std::make_unique<Catalogue>(file());
  return *catalogue_;
}

}  // namespace quemsi
