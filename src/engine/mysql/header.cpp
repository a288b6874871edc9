#include "engine/mysql/header.hpp"

#include <array>

#include "engine/mysql/image_format.hpp"

namespace quemsi::mysql_engine {
namespace {

constexpr std::array<const char*, 5> keys{"server_version", "charset", "collation", "comment",
                                          "content"};

}  // namespace

ImageHeader make_header(Connection& connection, const SchemaFacts& facts, Content content) {
  return {.engine = engine_name,
          .engine_format = image_format,
          .attributes = {{"server_version", connection.version_text()},
                         {"charset", facts.charset},
                         {"collation", facts.collation},
                         {"comment", facts.comment},
                         {"content", content == Content::all ? "all" : "schema"}}};
}

SchemaFacts check_header(const ImageHeader& header) {
  if (header.engine != engine_name) bad_image("it is of the engine " + header.engine);
  if (header.engine_format != image_format) {
    throw Error(ErrorKind::unsupported, "the image was written by a newer release of git-quemsi")
        .cause("format " + header.engine_format + ", known up to " + image_format)
        .hint("install a newer git-quemsi");
  }
  for (const char* key : keys) {
    if (!header.attributes.contains(key)) bad_image(std::string("its header has no ") + key);
  }
  return {header.attributes.at("charset"), header.attributes.at("collation"),
          header.attributes.at("comment")};
}

}  // namespace quemsi::mysql_engine
