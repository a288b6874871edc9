#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "quemsi/engine.hpp"
#include "util/module.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

struct EngineEntry {
  std::string_view name;
  std::array<std::string_view, 3> schemes;  ///< empty ones are padding
};

/// Every engine there is. The module's file is `quemsi-engine-<name>.so`.
constexpr std::array<EngineEntry, 3> engine_table{{
    {"mysql", {"mysql", "mariadb"}},
    {"postgresql", {"postgresql", "postgres"}},
    {"sqlite", {"sqlite", "sqlite3", "file"}},
}};

bool serves(const EngineEntry& entry, std::string_view scheme) {
  return !scheme.empty() && std::ranges::find(entry.schemes, scheme) != entry.schemes.end();
}

const EngineEntry* entry_named(std::string_view name) {
  const auto* found = std::ranges::find(engine_table, name, &EngineEntry::name);
  return found == engine_table.end() ? nullptr : found;
}

/// Lower case; empty when `url` does not start with a scheme.
std::string scheme_of(std::string_view url) {
  const std::size_t colon = url.find(':');
  if (colon == std::string_view::npos) return {};
  std::string scheme(url.substr(0, colon));
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  for (char& c : scheme) c = (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  return std::ranges::all_of(scheme, allowed) ? scheme : std::string();
}

Error unknown(const std::string& message) {
  return Error(ErrorKind::config, message)
      .hint("known engines: " + join(EngineRegistry::names(), ", "));
}

}  // namespace

struct EngineRegistry::Impl {
  std::filesystem::path module_dir;
  std::map<std::string, Engine*> loaded;

  Engine& engine(const std::string& name) {
    if (entry_named(name) == nullptr) throw unknown("there is no engine '" + name + "'");
    const auto found = loaded.find(name);
    if (found != loaded.end()) return *found->second;
    const Module module(module_dir / ("quemsi-engine-" + name + ".so"));
    Engine* engine = module.function<Engine*()>("quemsi_engine")();
    loaded.emplace(name, engine);
    return *engine;
  }
};

EngineRegistry::EngineRegistry(std::filesystem::path module_dir)
    : impl_(std::make_unique<Impl>(Impl{std::move(module_dir), {}})) {}

EngineRegistry::~EngineRegistry() = default;

std::string EngineRegistry::engine_of_url(std::string_view url) {
  const std::string scheme = scheme_of(url);
  if (scheme.empty()) {
    throw unknown("a database URL starts with the name of its engine")
        .hint("for a file, write sqlite:PATH, relative to the top of the repository");
  }
  for (const EngineEntry& entry : engine_table) {
    if (serves(entry, scheme)) return std::string(entry.name);
  }
  throw unknown("no engine of this release serves '" + scheme + ":' URLs");
}

std::vector<std::string> EngineRegistry::names() {
  std::vector<std::string> names;
  for (const EngineEntry& entry : engine_table) names.emplace_back(entry.name);
  return names;
}

std::unique_ptr<Database> EngineRegistry::open(const DatabaseSpec& spec,
                                               const EngineContext& context) {
  return impl_->engine(spec.engine).open(spec, context);
}

}  // namespace quemsi
