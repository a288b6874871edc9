#include <fmt/core.h>

#include <cstdlib>
#include <utility>

#include "quemsi/workflow.hpp"
#include "store/loader.hpp"
#include "util/clock.hpp"
#include "util/fd.hpp"
#include "util/module.hpp"
#include "util/text.hpp"
#include "workflow/rebuild.hpp"
#include "workflow/state_folder.hpp"

namespace quemsi {

struct ProjectState {
  explicit ProjectState(ProjectOptions given, Repository found)
      : options(std::move(given)), repository(std::move(found)), engines(options.module_dir) {}

  ProjectOptions options;
  Repository repository;
  EngineRegistry engines;
  bool config_read = false;
  std::optional<GitConfig> git_config;  ///< once it was read
  std::optional<Config> config;
  std::unique_ptr<Catalogue> catalogue;
  std::unique_ptr<Store> store;
  std::map<std::string, std::unique_ptr<Database>> databases;
};

namespace {

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

Repository require_repository(const std::filesystem::path& start) {
  std::optional<Repository> found = Repository::discover(start);
  if (found) return std::move(*found);
  throw Error(ErrorKind::user, "not in a git repository: " + start.string())
      .hint("run it inside the repository of your application");
}

ProjectOptions with_defaults(ProjectOptions options) {
  if (options.module_dir.empty()) options.module_dir = default_module_dir();
  if (options.program.empty()) options.program = this_program();
  if (!options.clock) options.clock = system_now;
  return options;
}

/// As it is in that worktree, as far as this one's files tell.
std::optional<Config> read_config(Project& project, const WorktreeId& worktree) {
  const ConfigSources sources{.top = project.repository().top(),
                              .git_config = project.git_config().section("quemsi"),
                              .environment = environment_variable,
                              .flags = project.options().flags,
                              .variables = {{"worktree", worktree.str()}}};
  std::optional<Config> config = load_config(sources);
  if (!config) return config;
  for (DatabaseSpec& spec : config->databases) {
    if (spec.engine.empty()) spec.engine = EngineRegistry::engine_of_url(spec.url);
  }
  return config;
}

/// Said outside the repository's own files: a clone cannot allow itself a host.
std::vector<std::string> allowed_hosts(Project& project) {
  const auto hosts = project.git_config().value("quemsi.allowHost");
  return hosts ? split(*hosts, ',') : std::vector<std::string>{};
}

EngineContext engine_context(Project& project) {
  const Config& config = project.config();
  return {.top = project.repository().top(),
          .state_dir = project.state_dir(),
          .busy_timeout = config.busy_timeout,
          .connections = config.connections,
          .definers = config.definers,
          .allowed_hosts = allowed_hosts(project),
          .tools = config.tools,
          .notice = [&project](const std::string& line) { project.notice(line); }};
}

}  // namespace

Project::Project(ProjectOptions options) {
  ProjectOptions full = with_defaults(std::move(options));
  Repository repository = require_repository(full.start);
  state_ = std::make_unique<ProjectState>(std::move(full), std::move(repository));
}

Project::~Project() = default;

const ProjectOptions& Project::options() const { return state_->options; }
Repository& Project::repository() { return state_->repository; }
Timestamp Project::now() { return state_->options.clock(); }

void Project::notice(const std::string& line) {
  if (state_->options.notice) state_->options.notice(line);
}

bool Project::configured() {
  if (!std::exchange(state_->config_read, true)) {
    state_->config = read_config(*this, state_->repository.worktree());
  }
  return state_->config.has_value();
}

const Config& Project::config() {
  if (configured()) return *state_->config;
  throw Error(ErrorKind::config, "there is no .quemsi.yml in " + repository().top().string())
      .hint("git quemsi init");
}

const GitConfig& Project::git_config() {
  if (!state_->git_config) state_->git_config = state_->repository.config();
  return *state_->git_config;
}

void Project::forget_config() {
  state_->git_config.reset();
  state_->databases.clear();
  state_->config.reset();
  state_->config_read = false;
}

TrustStore Project::trust() { return TrustStore(state_dir()); }

void Project::require_trust() {
  if (trust().trusts(config())) return;
  throw Error(ErrorKind::config, ".quemsi.yml asks for something else than you trusted")
      .cause("a branch can change that file; look at it before you accept it")
      .hint("git quemsi trust");
}

std::filesystem::path Project::state_dir() { return repository().common_dir() / "quemsi"; }
std::filesystem::path Project::catalogue_file() { return state_dir() / "catalogue.db"; }

bool Project::initialised() {
  return stat_if_exists(catalogue_file()) && !stat_if_exists(rebuild_marker(*this));
}

bool lacks_catalogue(Project& project) {
  if (project.initialised()) return false;
  if (std::filesystem::exists(rebuild_marker(project))) return true;
  std::error_code none;
  return std::filesystem::directory_iterator(project.state_dir() / "packs", none) !=
         std::filesystem::directory_iterator();
}

void require_no_lost_catalogue(Project& project) {
  if (!lacks_catalogue(project)) return;
  throw Error(ErrorKind::corrupt, "the catalogue of this repository's snapshots is missing")
      .hint("git quemsi fsck --repair    rebuilds it from the packs");
}

Catalogue& Project::catalogue() {
  if (!state_->catalogue) {
    make_state_folder(*this);
    state_->catalogue = std::make_unique<Catalogue>(catalogue_file());
  }
  return *state_->catalogue;
}

void Project::forget_catalogue() {
  state_->store.reset();
  state_->catalogue.reset();
}

Store& Project::store() {
  if (!state_->store) {
    state_->store = load_store(options().module_dir, state_dir(), catalogue());
  }
  return *state_->store;
}

Database& Project::database(const std::string& name) {
  std::unique_ptr<Database>& slot = state_->databases[name];
  if (slot) return *slot;
  std::vector<std::string> known;
  for (const DatabaseSpec& spec : config().databases) {
    if (spec.name == name) {
      slot = state_->engines.open(spec, engine_context(*this));
      return *slot;
    }
    known.push_back(spec.name);
  }
  throw Error(ErrorKind::user, fmt::format("no database '{}' in .quemsi.yml", name))
      .hint("configured: " + join(known, ", "));
}

std::unique_ptr<Database> Project::database_of(const WorktreeId& worktree,
                                               const std::string& name) {
  static_cast<void>(config());
  const std::optional<Config> there = read_config(*this, worktree);
  for (const DatabaseSpec& spec : there->databases) {
    if (spec.name == name) return open_url(spec);
  }
  return nullptr;
}

std::unique_ptr<Database> Project::open_url(const DatabaseSpec& spec) {
  return state_->engines.open(spec, engine_context(*this));
}

}  // namespace quemsi
