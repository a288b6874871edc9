// A strict reader of YAML that may be hostile: lines are kept, duplicate keys, recursion, deep
// nesting and floods of aliases are refused.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace quemsi::config {

struct YamlNode;

struct YamlEntry {
  std::string key;
  int line = 0;
  std::shared_ptr<const YamlNode> value;  ///< never null; aliases share it
};

struct YamlNode {
  enum class Kind { null, scalar, sequence, map };
  Kind kind = Kind::null;
  int line = 0;                    ///< 1-based
  std::string text;                ///< of a scalar
  std::vector<YamlEntry> entries;  ///< of a map, in order; a sequence's items are not kept

  /// None when it is no map or has no such key.
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
};

/// Kind::null for an empty text. Throws Error(config) "<file>:<line>: ...", which never quotes a
/// value: it may be a password.
YamlNode parse_yaml(const std::string& text, const std::string& file);

}  // namespace quemsi::config
