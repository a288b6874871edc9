#include "store/manifest_parts.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace quemsi {
namespace {

using Json = nlohmann::json;

/// Longer texts are cut. Their parts are small beside the chunks that they list.
constexpr std::size_t most_whole_bytes = std::size_t{64} << 10;
constexpr std::size_t most_part_bytes = std::size_t{1} << 20;

/// FNV-1a, of which the first bits are used: they depend on all that was hashed.
class StretchHash {
 public:
  void add(char c) { hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3; }
  /// True once in 128.
  [[nodiscard]] bool says_cut() const { return hash_ >> 57 == 0; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace

std::vector<std::string_view> cut_manifest(std::string_view text) {
  std::vector<std::string_view> stretches;
  if (text.size() <= most_whole_bytes) return {text};
  std::size_t begin = 0;
  StretchHash hash;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool ends_here = text[at] == '{' && hash.says_cut();
    if (at > begin && (ends_here || at - begin == most_part_bytes)) {
      stretches.push_back(text.substr(begin, at - begin));
      begin = at;
    }
    if (text[at] == '{') hash = {};
    hash.add(text[at]);
  }
  stretches.push_back(text.substr(begin));
  return stretches;
}

std::string encode_parts(const std::vector<ManifestPart>& parts) {
  Json list = Json::array();
  for (const ManifestPart& part : parts) {
    list.push_back({{"id", part.id.hex()}, {"bytes", part.bytes}});
  }
  return Json{{"format", manifest_parts_format}, {"parts", std::move(list)}}.dump();
}

}  // namespace quemsi
