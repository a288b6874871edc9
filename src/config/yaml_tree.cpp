#include "config/yaml_tree.hpp"

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "config/shown.hpp"
#include "quemsi/error.hpp"
#include "util/text.hpp"

namespace quemsi::config {
namespace {

constexpr std::size_t deepest = 20;
constexpr int most_aliases = 100;

[[noreturn]] void fail(const std::string& file, int line, std::string_view message) {
  throw Error(ErrorKind::config, fmt::format("{}:{}: {}", file, line, message));
}

/// yaml-cpp counts lines from 0, and has -1 for "nowhere".
int line_of(const YAML::Mark& mark) { return std::max(mark.line, 0) + 1; }

/// Builds the tree from yaml-cpp's events: unlike its own nodes, events tell of duplicate keys
/// and keep aliases shared.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const std::string& file) : file_(file) {}

  YamlNode take() { return root_ ? std::move(*root_) : YamlNode{}; }

  // More than strictness: from some broken texts yaml-cpp makes empty documents without end.
  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) fail(file_, line_of(mark), "a second document begins; only one may stand here");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(make(YamlNode::Kind::null, mark, {}), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                const std::string& value) override {
    if (expects_key()) {
      begin_entry(value, line_of(mark));
    } else {
      add(make(YamlNode::Kind::scalar, mark, value), anchor);
    }
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (++aliases_ > most_aliases) fail(file_, line_of(mark), "too many aliases");
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) fail(file_, line_of(mark), "an alias stands for itself");
    check_not_key(line_of(mark));
    place(found->second);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(make(YamlNode::Kind::sequence, mark, {}), anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(make(YamlNode::Kind::map, mark, {}), anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  /// A map or sequence that is still being read.
  struct Level {
    std::shared_ptr<YamlNode> node;
    YAML::anchor_t anchor = 0;
    std::map<std::string, int> lines_of_keys;
    bool entry_open = false;  ///< its last entry has no value yet
  };

  static std::shared_ptr<YamlNode> make(YamlNode::Kind kind, const YAML::Mark& mark,
                                        const std::string& text) {
    return std::make_shared<YamlNode>(YamlNode{kind, line_of(mark), text, {}});
  }

  [[nodiscard]] bool expects_key() const {
    return !levels_.empty() && levels_.back().node->kind == YamlNode::Kind::map &&
           !levels_.back().entry_open;
  }

  void check_not_key(int line) const {
    if (expects_key()) fail(file_, line, "a key must be plain text");
  }

  void begin_entry(const std::string& key, int line) {
    Level& level = levels_.back();
    const auto [first, is_new] = level.lines_of_keys.emplace(key, line);
    if (!is_new) {
      fail(file_, line,
           fmt::format("duplicate key {}, first on line {}", shown(key), first->second));
    }
    level.node->entries.push_back({key, line, nullptr});
    level.entry_open = true;
  }

  void add(std::shared_ptr<YamlNode> node, YAML::anchor_t anchor) {
    check_not_key(node->line);
    if (anchor != 0) anchors_[anchor] = node;
    place(std::move(node));
  }

  void open(std::shared_ptr<YamlNode> node, YAML::anchor_t anchor) {
    check_not_key(node->line);
    if (levels_.size() == deepest) fail(file_, node->line, "nested too deeply");
    levels_.push_back({std::move(node), anchor, {}, false});
  }

  void close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    add(std::move(level.node), level.anchor);
  }

  void place(std::shared_ptr<YamlNode> node) {
    if (levels_.empty()) {
      root_ = std::move(node);
    } else if (levels_.back().entry_open) {
      levels_.back().node->entries.back().value = std::move(node);
      levels_.back().entry_open = false;
    }
  }

  const std::string& file_;
  std::shared_ptr<YamlNode> root_;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, std::shared_ptr<YamlNode>> anchors_;
  int aliases_ = 0;
};

/// Refuses what is no text before yaml-cpp guesses at an encoding.
void check_text(const std::string& text, const std::string& file) {
  int number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    ++number;
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_valid_utf8(line)) fail(file, number, "is not UTF-8");
    const bool control = std::any_of(line.begin(), line.end(), [](unsigned char c) {
      return (c < 0x20 && c != '\t') || c == 0x7f;
    });
    if (control) fail(file, number, "holds a control character");
  }
}

bool indented_by_tab(const std::string& text, int line) {
  const std::vector<std::string> lines = split(text, '\n');
  const auto index = static_cast<std::size_t>(line - 1);
  if (index >= lines.size()) return false;
  return lines[index].substr(0, lines[index].find_first_not_of(" \t")).find('\t') !=
         std::string::npos;
}

[[noreturn]] void fail_syntax(const std::string& text, const std::string& file,
                              const YAML::Exception& error) {
  const int line = line_of(error.mark);
  Error failure(ErrorKind::config,
                fmt::format("{}:{}: is not valid YAML: {}", file, line, error.msg));
  if (indented_by_tab(text, line)) failure.hint("indent with spaces: YAML allows no tabs there");
  throw Error(failure);
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const YamlEntry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : found->value.get();
}

YamlNode parse_yaml(const std::string& text, const std::string& file) {
  check_text(text, file);
  TreeBuilder builder(file);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    fail_syntax(text, file, error);
  }
  return builder.take();
}

}  // namespace quemsi::config
