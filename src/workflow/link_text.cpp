#include "workflow/link_text.hpp"

#include <algorithm>
#include <cctype>

#include "util/text.hpp"

namespace quemsi {
namespace {

constexpr std::string_view note_key = "snapshot: ";
constexpr std::size_t id_length = 16;

bool starts_with_key(std::string_view line, std::string_view key) {
  return line.size() > key.size() && line[key.size()] == ':' &&
         std::equal(key.begin(), key.end(), line.begin(), [](unsigned char a, unsigned char b) {
           return std::tolower(a) == std::tolower(b);
         });
}

}  // namespace

bool is_snapshot_id(const std::string& text) {
  return text.size() == id_length && looks_like_id_prefix(text);
}

std::string link_line(const Snapshot& snapshot) {
  std::string line = std::string(note_key) + snapshot.id.str();
  if (!snapshot.tags.empty()) line += " " + snapshot.tags.front();
  return line;
}

std::vector<SnapshotId> linked_ids(const std::vector<std::string>& lines) {
  std::vector<SnapshotId> ids;
  for (const std::string& line : lines) {
    if (!line.starts_with(note_key)) continue;
    const std::string id = line.substr(note_key.size(), id_length);
    if (is_snapshot_id(id)) ids.emplace_back(id);
  }
  return ids;
}

std::string reference_to(const Snapshot& snapshot) {
  return snapshot.tags.empty() ? snapshot.id.str() : snapshot.tags.front();
}

std::string trailer_of(const Snapshot& snapshot) {
  return std::string(trailer_key) + ": " + reference_to(snapshot);
}

std::vector<std::string> trailer_values(std::string_view message) {
  std::vector<std::string> values;
  for (const std::string& line : split(message, '\n')) {
    if (!starts_with_key(line, trailer_key)) continue;
    const std::string_view value = trim(std::string_view(line).substr(trailer_key.size() + 1));
    if (!value.empty()) values.emplace_back(value);
  }
  return values;
}

}  // namespace quemsi
