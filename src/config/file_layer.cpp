// From the tree of a configuration file to values with their lines.
#include <fmt/core.h>

#include <algorithm>

#include "config/layer_values.hpp"
#include "config/shown.hpp"

namespace quemsi::config {
namespace {

std::string_view to_string(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::scalar:
      return "a single value";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
  }
  return "something else";
}

class FileReader {
 public:
  FileReader(ConfigLayer layer, const std::string& file) : layer_(layer), file_(file) {}

  LayerValues read(const YamlNode& root) {
    if (root.kind == YamlNode::Kind::null) return {};
    if (root.kind != YamlNode::Kind::map) {
      fail(root.line, fmt::format("must hold keys and values, not {}", to_string(root.kind)),
           {"write `databases:`, and below it `  app: sqlite:db/app.sqlite3`"});
    }
    read_keys(root, "");
    return std::move(result_);
  }

 private:
  [[nodiscard]] ConfigOrigin origin(int line) const { return {layer_, file_, line}; }

  [[noreturn]] void fail(int line, const std::string& message,
                         const std::vector<std::string>& hints = {}) const {
    fail_at(fmt::format("{}:{}", file_, line), message, hints);
  }

  // Both `follow.branches: true` and `branches: true` below `follow:` are read.
  void read_keys(const YamlNode& map, const std::string& prefix) {
    for (const YamlEntry& entry : map.entries) {
      const std::string key = prefix + entry.key;
      if (key == databases_key) {
        read_databases(*entry.value, entry.line);
      } else if (const Descriptor* descriptor = find_descriptor(key)) {
        read_value(*descriptor, entry);
      } else if (is_group(key)) {
        read_group(key, entry);
      } else {
        fail(entry.line, fmt::format("unknown key {}", shown(key)), unknown_key_hints(key));
      }
    }
  }

  void read_group(const std::string& key, const YamlEntry& entry) {
    if (entry.value->kind != YamlNode::Kind::map) {
      fail(entry.line,
           fmt::format("'{}' must hold settings, not {}", key, to_string(entry.value->kind)));
    }
    read_keys(*entry.value, key + '.');
  }

  void read_value(const Descriptor& descriptor, const YamlEntry& entry) {
    if (entry.value->kind != YamlNode::Kind::scalar) {
      fail(entry.line, fmt::format("'{}' must be {}, not {}", descriptor.key, descriptor.expects,
                                   to_string(entry.value->kind)));
    }
    const auto same =
        std::find_if(result_.values.begin(), result_.values.end(),
                     [&](const auto& value) { return value.descriptor == &descriptor; });
    if (same != result_.values.end()) {
      fail(entry.line,
           fmt::format("duplicate key '{}', first on line {}", descriptor.key, same->origin.line));
    }
    result_.values.push_back({&descriptor, entry.value->text, origin(entry.line)});
  }

  void read_databases(const YamlNode& node, int line) {
    if (node.kind == YamlNode::Kind::null) return;
    if (node.kind != YamlNode::Kind::map) {
      fail(line,
           fmt::format("'databases' must hold a name and a URL a line, not {}",
                       to_string(node.kind)),
           {"write `databases:`, and below it `  app: sqlite:db/app.sqlite3`"});
    }
    for (const YamlEntry& entry : node.entries) read_database(entry);
  }

  void read_database(const YamlEntry& entry) {
    const YamlNode& node = *entry.value;
    if (node.kind == YamlNode::Kind::scalar) {
      result_.databases.push_back({entry.key, node.text, {}, origin(node.line), false});
    } else if (node.kind == YamlNode::Kind::map) {
      read_database_map(entry);
    } else {
      fail(entry.line, fmt::format("the database {} must have a URL, not {}", shown(entry.key),
                                   to_string(node.kind)));
    }
  }

  void read_database_map(const YamlEntry& entry) {
    GivenDatabase database{entry.key, {}, {}, origin(entry.line), false};
    bool has_url = false;
    for (const YamlEntry& part : entry.value->entries) {
      if (part.key != "url" && part.key != "engine") {
        fail(part.line,
             fmt::format("unknown key {} in the database {}", shown(part.key), shown(entry.key)),
             {"a database has a `url` and, where its scheme does not tell, an `engine`"});
      }
      if (part.value->kind != YamlNode::Kind::scalar) {
        fail(part.line, fmt::format("the {} of the database {} must be text, not {}", part.key,
                                    shown(entry.key), to_string(part.value->kind)));
      }
      (part.key == "url" ? database.url : database.engine) = part.value->text;
      if (part.key == "url") {
        database.origin.line = part.value->line;
        has_url = true;
      }
    }
    if (!has_url) fail(entry.line, fmt::format("the database {} has no `url`", shown(entry.key)));
    result_.databases.push_back(std::move(database));
  }

  ConfigLayer layer_;
  const std::string& file_;
  LayerValues result_;
};

}  // namespace

LayerValues values_of_file(const YamlNode& root, ConfigLayer layer, const std::string& file) {
  return FileReader(layer, file).read(root);
}

}  // namespace quemsi::config
