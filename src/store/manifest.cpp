#include "store/manifest.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t whole_format = 1;

constexpr std::uint64_t most_manifest_bytes = std::uint64_t{256} << 20;

[[noreturn]] void corrupt(const std::string& reason) {
  throw Error(ErrorKind::corrupt, "its manifest is wrong: " + reason);
}

/// What has its usual value is left out: most chunks of a file have neither.
Json chunk_to_json(const ManifestChunk& chunk) {
  Json json = {{"id", chunk.id.hex()}, {"bytes", chunk.info.bytes}};
  if (chunk.info.rows != 0) json["rows"] = chunk.info.rows;
  if (!chunk.info.first_key.empty()) json["key"] = to_hex(chunk.info.first_key);
  return json;
}

Json section_to_json(const ManifestSection& section) {
  Json chunks = Json::array();
  for (const ManifestChunk& chunk : section.chunks) chunks.push_back(chunk_to_json(chunk));
  return {{"name", section.header.name},
          {"attributes", section.header.attributes},
          {"chunks", std::move(chunks)}};
}

std::uint64_t number(const Json& json) {
  if (!json.is_number_unsigned()) corrupt("a number is missing");
  return json.get<std::uint64_t>();
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (; !hex.empty(); hex.remove_prefix(2)) {
    std::uint8_t byte = 0;
    const char* const end = hex.data() + 2;
    if (hex.size() < 2 || std::from_chars(hex.data(), end, byte, 16).ptr != end) {
      corrupt("a key is not hexadecimal");
    }
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

/// What every chunk that is named has.
ManifestPart part_from_json(const Json& json) {
  const auto id = ChunkId::parse(json.at("id").get_ref<const std::string&>());
  if (!id) corrupt("an id is not one");
  const std::uint64_t bytes = number(json.at("bytes"));
  if (bytes == 0 || bytes > ImageSink::max_chunk_bytes) corrupt("a chunk has an impossible size");
  return {*id, bytes};
}

ManifestChunk chunk_from_json(const Json& json) {
  const ManifestPart part = part_from_json(json);
  ManifestChunk chunk{part.id, {part.bytes, 0, {}}};
  if (const auto rows = json.find("rows"); rows != json.end()) chunk.info.rows = number(*rows);
  if (const auto key = json.find("key"); key != json.end()) {
    chunk.info.first_key = from_hex(key->get_ref<const std::string&>());
  }
  return chunk;
}

ManifestSection section_from_json(const Json& json) {
  ManifestSection section;
  section.header = {json.at("name").get<std::string>(), json.at("attributes").get<Attributes>()};
  for (const Json& chunk : json.at("chunks").get_ref<const Json::array_t&>()) {
    section.chunks.push_back(chunk_from_json(chunk));
  }
  return section;
}

std::uint64_t format_of(const Json& json) {
  const std::uint64_t found = number(json.at("format"));
  if (found == whole_format || found == manifest_parts_format) return found;
  throw Error(ErrorKind::unsupported,
              fmt::format("the image has manifest format {}, and this git-quemsi reads formats {} "
                          "to {}",
                          found, whole_format, manifest_parts_format))
      .hint("install a release of git-quemsi that reads it");
}

Manifest manifest_from_json(const Json& json) {
  Manifest manifest;
  manifest.header = {json.at("engine").get<std::string>(),
                     json.at("engine_format").get<std::string>(),
                     json.at("attributes").get<Attributes>()};
  std::unordered_set<std::string> names;
  for (const Json& section : json.at("sections").get_ref<const Json::array_t&>()) {
    manifest.sections.push_back(section_from_json(section));
    if (!names.insert(manifest.sections.back().header.name).second) corrupt("a section is twice");
  }
  return manifest;
}

std::string join_parts(const Json& json, const ReadPart& read) {
  std::vector<ManifestPart> parts;
  std::uint64_t bytes = 0;
  for (const Json& part : json.at("parts").get_ref<const Json::array_t&>()) {
    parts.push_back(part_from_json(part));
    bytes += parts.back().bytes;
    if (bytes > most_manifest_bytes) corrupt("its parts are too large together");
  }
  std::string text;
  text.reserve(bytes);
  for (const ManifestPart& part : parts) {
    const std::string stretch = read(part);
    if (stretch.size() != part.bytes) corrupt("a part has another size");
    text += stretch;
  }
  return text;
}

}  // namespace

std::string encode_manifest(const Manifest& manifest) {
  Json sections = Json::array();
  for (const auto& section : manifest.sections) sections.push_back(section_to_json(section));
  const Json json = {{"format", whole_format},
                     {"engine", manifest.header.engine},
                     {"engine_format", manifest.header.engine_format},
                     {"attributes", manifest.header.attributes},
                     {"sections", std::move(sections)}};
  try {
    return json.dump();
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::internal, "a section or an attribute of an image is not UTF-8")
        .cause(error.what());
  }
}

Manifest decode_manifest(std::string_view text, const ReadPart& read) {
  try {
    const Json json = Json::parse(text);
    if (format_of(json) == whole_format) return manifest_from_json(json);
    const Json joined = Json::parse(join_parts(json, read));
    if (format_of(joined) != whole_format) corrupt("its parts are in parts themselves");
    return manifest_from_json(joined);
  } catch (const Json::exception& error) {
    corrupt(error.what());
  }
}

}  // namespace quemsi
