#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "store/manifest.hpp"
#include "unit/store/support.hpp"

namespace quemsi::test {
namespace {

using Json = nlohmann::json;

const std::string some_id(64, 'a');

Json good() {
  return {{"format", 1},
          {"engine", "sqlite"},
          {"engine_format", "1"},
          {"attributes", Json::object()},
          {"sections",
           {{{"name", "pages"},
             {"attributes", Json::object()},
             {"chunks", {{{"id", some_id}, {"bytes", 5}, {"rows", 2}, {"key", "00ff"}}}}}}}};
}

Manifest decode(std::string_view text) {
  return decode_manifest(text, [](const ManifestPart&) -> std::string {
    throw std::logic_error("a whole manifest has no parts");
  });
}

std::optional<ErrorKind> refused(const Json& json) {
  const auto error = error_of([&] { static_cast<void>(decode(json.dump())); });
  return error ? std::optional(error->kind()) : std::nullopt;
}

Json with(const std::string& pointer, const Json& value) {
  Json json = good();
  json[Json::json_pointer(pointer)] = value;
  return json;
}

TEST(Manifest, OfTheRightFormIsRead) {
  const Manifest manifest = decode(good().dump());
  const ManifestChunk& chunk = manifest.sections.at(0).chunks.at(0);
  EXPECT_EQ(manifest.header.engine, "sqlite");
  EXPECT_EQ(chunk.id.hex(), some_id);
  EXPECT_EQ(chunk.info.bytes, 5U);
  EXPECT_EQ(chunk.info.rows, 2U);
  EXPECT_EQ(chunk.info.first_key, std::string("\x00\xff", 2));
}

TEST(Manifest, IsTheSameTextAgain) {
  EXPECT_EQ(encode_manifest(decode(good().dump())), good().dump());
}

TEST(Manifest, WithKeysThatWeDoNotKnowIsRead) {
  EXPECT_FALSE(refused(with("/sections/0/chunks/0/later", "more")));
}

TEST(Manifest, OfANewerFormatIsRefusedNamingBothVersions) {
  EXPECT_EQ(refused(with("/format", 9)), ErrorKind::unsupported);
  const auto error = error_of([] { static_cast<void>(decode(with("/format", 9).dump())); });
  EXPECT_NE(std::string(error->what()).find("format 9"), std::string::npos);
  EXPECT_NE(std::string(error->what()).find("formats 1 to 2"), std::string::npos);
}

TEST(Manifest, ThatIsNoJsonIsRefused) {
  for (const std::string text : {"", "{", "null", "[]", "\xff", "{}{}"}) {
    const auto error = error_of([&] { static_cast<void>(decode(text)); });
    ASSERT_TRUE(error) << text;
    EXPECT_EQ(error->kind(), ErrorKind::corrupt);
  }
}

TEST(Manifest, NestedWithoutEndIsRefused) {
  EXPECT_TRUE(error_of([] { static_cast<void>(decode(std::string(1000000, '['))); }));
}

TEST(Manifest, WithAFieldOfAnotherTypeIsRefused) {
  for (const char* const field :
       {"/format", "/engine", "/engine_format", "/attributes", "/sections", "/sections/0",
        "/sections/0/name", "/sections/0/attributes", "/sections/0/chunks", "/sections/0/chunks/0",
        "/sections/0/chunks/0/id", "/sections/0/chunks/0/bytes", "/sections/0/chunks/0/rows",
        "/sections/0/chunks/0/key"}) {
    for (const Json& value : {Json(nullptr), Json(-1), Json(1.5), Json(true), Json("\n")}) {
      if (value.is_string() && Json(good()[Json::json_pointer(field)]).is_string() &&
          !std::string(field).ends_with("id") && !std::string(field).ends_with("key")) {
        continue;
      }
      EXPECT_EQ(refused(with(field, value)), ErrorKind::corrupt) << field << " = " << value;
    }
  }
}

TEST(Manifest, WithAMissingFieldIsRefused) {
  for (const char* const field : {"format", "engine", "engine_format", "attributes", "sections"}) {
    Json json = good();
    json.erase(field);
    EXPECT_EQ(refused(json), ErrorKind::corrupt) << field;
  }
}

TEST(Manifest, WithAnImpossibleChunkSizeIsRefused) {
  EXPECT_EQ(refused(with("/sections/0/chunks/0/bytes", 0)), ErrorKind::corrupt);
  EXPECT_EQ(refused(with("/sections/0/chunks/0/bytes", ImageSink::max_chunk_bytes + 1)),
            ErrorKind::corrupt);
}

TEST(Manifest, WithAKeyThatIsNotHexadecimalIsRefused) {
  for (const char* const key : {"0", "0g", "-1", "0x", " 1", "000"}) {
    EXPECT_EQ(refused(with("/sections/0/chunks/0/key", key)), ErrorKind::corrupt) << key;
  }
}

TEST(Manifest, WithASectionTwiceIsRefused) {
  Json json = good();
  json["sections"].push_back(json["sections"][0]);
  EXPECT_EQ(refused(json), ErrorKind::corrupt);
}

TEST(Manifest, ThatLiesAboutAChunksSizeRefusesTheImage) {
  StoreTest test;
  const SealedImage sealed = test.seal(small_image());
  for (auto& [id, location] : test.index.chunks) {
    if (id != sealed.manifest) location.entry.raw_bytes += 1;
  }
  const auto error = error_of([&] { static_cast<void>(test.store->read_image(sealed.manifest)); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind(), ErrorKind::corrupt);
}

TEST(Manifest, ThatIsOnlyDataRefusesTheImage) {
  StoreTest test;
  const SealedImage sealed = test.seal(small_image());
  for (const auto& [id, location] : test.index.chunks) {
    if (id == sealed.manifest) continue;
    const auto error =
        error_of([&, &chunk = id] { static_cast<void>(test.store->read_image(chunk)); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind(), ErrorKind::corrupt);
  }
}

}  // namespace
}  // namespace quemsi::test
