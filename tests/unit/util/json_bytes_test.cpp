#include "util/json_bytes.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "util/text.hpp"

namespace quemsi {
namespace {

using nlohmann::json;

std::string written(const json& value) { return wrap_bytes(value).dump(); }

TEST(JsonBytes, WritesWhatIsUtf8AsItAlwaysWas) {
  const json value = {{"branch", "日本語"},
                      {"tags", {"a \"b\"", "é\n"}},
                      {"none", nullptr},
                      {"map", {{"", ""}, {"x", 1}}}};
  EXPECT_EQ(written(value), value.dump());
  EXPECT_EQ(unwrap_bytes(value), value);
}

TEST(JsonBytes, WritesTheBytesOfWhatIsNot) {
  EXPECT_EQ(written("caf\xe9"), R"({"":"636166e9"})");
  EXPECT_EQ(written({{"a", {"x", "\xff"}}}), R"({"a":["x",{"":"ff"}]})");
}

TEST(JsonBytes, GivesEveryByteBackAtAnyDepth) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  const json value = {{"a", {{"b", json::array({all, "\xed\xa0\x80", "plain", 7})}}}, {"c", all}};
  EXPECT_EQ(unwrap_bytes(json::parse(written(value))), value);
}

TEST(JsonBytes, WrappedTwiceIsWrappedOnce) {
  const json value = json::array({"\x80"});
  EXPECT_EQ(wrap_bytes(wrap_bytes(value)), wrap_bytes(value));
  EXPECT_EQ(unwrap_bytes(unwrap_bytes(wrap_bytes(value))), value);
}

TEST(JsonBytes, LeavesAloneWhatItHasNotWritten) {
  for (const char* text : {R"({"":"6"})", R"({"":"FF"})", R"({"":"zz"})", R"({"":1})",
                           R"({"":"ff","x":"ff"})", R"({"x":"ff"})"}) {
    EXPECT_EQ(unwrap_bytes(json::parse(text)), json::parse(text)) << text;
  }
}

TEST(Hex, IsTakenBack) {
  EXPECT_EQ(from_hex(to_hex(std::string("\0\x7f\xff", 3))), std::string("\0\x7f\xff", 3));
  EXPECT_EQ(from_hex(""), "");
  for (const char* text : {"0", "0g", "AB", " 0"}) EXPECT_EQ(from_hex(text), std::nullopt) << text;
}

}  // namespace
}  // namespace quemsi
