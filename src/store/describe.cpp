// A pack as text, for whoever looks into a store.
#include <fcntl.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "store/manifest.hpp"
#include "store/pack_file.hpp"
#include "store/pack_format.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

std::string describe_entry(const PackEntry& entry) {
  return fmt::format("{:<8}  {:>10}  {:>10}  {:>10}  {}\n", pack_format::to_string(entry.kind),
                     entry.offset, entry.stored_bytes, entry.raw_bytes, entry.id.hex());
}

/// Names come from the pack: nothing in them may reach a terminal as a command.
std::string shown(std::string_view text) {
  return has_control_characters(text) || !is_valid_utf8(text) ? "0x" + to_hex(text)
                                                              : std::string(text);
}

/// A part that is in another pack keeps the manifest from being shown.
std::string read_part(const PackFile& pack, std::span<const PackEntry> entries, const ChunkId& id) {
  const auto found = std::ranges::find(entries, id, &PackEntry::id);
  if (found != entries.end()) return pack.text(*found);
  throw Error(ErrorKind::unsupported, "parts of its manifest are in other packs");
}

std::string describe_manifest(const PackFile& pack, std::span<const PackEntry> entries,
                              const PackEntry& entry) {
  const Manifest manifest = decode_manifest(pack.text(entry), [&](const ManifestPart& part) {
    return read_part(pack, entries, part.id);
  });
  std::string text =
      fmt::format("\nimage {}: {} {}\n", entry.id.hex(), shown(manifest.header.engine),
                  shown(manifest.header.engine_format));
  for (const ManifestSection& section : manifest.sections) {
    text += fmt::format("  {}: {} chunks\n", shown(section.header.name), section.chunks.size());
  }
  return text;
}

std::string describe_contents(const PackFile& pack, std::span<const PackEntry> entries,
                              const PackEntry& entry) {
  if (entry.kind != ChunkKind::manifest) return {};
  try {
    return describe_manifest(pack, entries, entry);
  } catch (const Error& error) {
    return fmt::format("\nimage {}: {}\n", entry.id.hex(), error.what());
  }
}

}  // namespace

std::string describe_pack(const std::filesystem::path& path) {
  const PackFile pack(open_file(path, O_RDONLY), path);
  const std::vector<PackEntry> entries = pack.entries();
  std::uint64_t raw = 0;
  for (const PackEntry& entry : entries) raw += entry.raw_bytes;
  std::string text =
      fmt::format("{}: format {}, {} chunks, {} in {}\n\n", shown(pack.name()), pack.version(),
                  entries.size(), human_bytes(raw), human_bytes(pack.bytes()));
  text +=
      fmt::format("{:<8}  {:>10}  {:>10}  {:>10}  {}\n", "kind", "offset", "stored", "raw", "id");
  for (const PackEntry& entry : entries) text += describe_entry(entry);
  for (const PackEntry& entry : entries) text += describe_contents(pack, entries, entry);
  return text;
}

}  // namespace quemsi
