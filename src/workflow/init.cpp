#include <fmt/core.h>

#include <algorithm>

#include "config/find.hpp"
#include "util/atomic_file.hpp"
#include "util/text.hpp"
#include "workflow/branches.hpp"
#include "workflow/live.hpp"
#include "workflow/new_worktree.hpp"
#include "workflow/operation_lock.hpp"
#include "workflow/tracked.hpp"

namespace quemsi {
namespace {

constexpr const char* local_name = ".quemsi.local.yml";

std::filesystem::path config_path(Project& project) {
  return project.repository().top() / ".quemsi.yml";
}

std::filesystem::path local_path(Project& project) {
  return project.repository().top() / local_name;
}

std::string name_of_file(const std::string& url) {
  const std::string stem = std::filesystem::path(url.substr(url.find(':') + 1)).stem().string();
  return stem.empty() ? "app" : stem;
}

/// A plain path is what people type for SQLite.
std::string with_scheme(const std::string& url) {
  return url.find(':') == std::string::npos ? "sqlite:" + url : url;
}

DatabaseCandidate candidate(Project& project, const std::string& url) {
  constexpr const char* source = "--url";
  if (EngineRegistry::engine_of_url(url) == "sqlite") return {name_of_file(url), url, source};
  // What is written gets committed: a password stays out.
  auto found = config::candidate_of_url(url, {}, source, project.repository().top());
  return found ? std::move(*found) : DatabaseCandidate{"app", url, source};
}

std::vector<DatabaseCandidate> with_passwords(const std::vector<DatabaseCandidate>& found) {
  std::vector<DatabaseCandidate> secret;
  std::ranges::copy_if(found, std::back_inserter(secret), [](const DatabaseCandidate& database) {
    return mask_password(database.url) != database.url;
  });
  return secret;
}

std::vector<DatabaseCandidate> given(Project& project, const InitRequest& request,
                                     InitResult& result) {
  std::vector<DatabaseCandidate> found;
  for (const std::string& url : request.urls) found.push_back(candidate(project, with_scheme(url)));
  // There is none yet: it would be a configuration.
  if (!with_passwords(found).empty()) result.local_file = local_path(project);
  return found;
}

bool is_served(const DatabaseCandidate& candidate) {
  try {
    static_cast<void>(EngineRegistry::engine_of_url(candidate.url));
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::vector<DatabaseCandidate> search(Project& project, std::vector<std::string>& warnings) {
  const ConfigSources sources{
      .top = project.repository().top(),
      .git_config = {},
      .environment = [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        if (value == nullptr) return std::nullopt;
        return std::string(value);
      },
      .flags = {},
      .variables = {}};
  std::vector<DatabaseCandidate> found;
  for (DatabaseCandidate& candidate : find_databases(sources)) {
    if (is_served(candidate)) {
      found.push_back(std::move(candidate));
    } else {
      warnings.push_back(fmt::format("{} ({}): this build has no engine for it",
                                     mask_password(candidate.url), candidate.source));
    }
  }
  return found;
}

Error nothing_found(const std::vector<std::string>& warnings) {
  Error error(ErrorKind::user, "found no database here");
  for (const std::string& warning : warnings) error.cause(warning);
  return error.hint("git quemsi init --url sqlite:path/to/app.db");
}

void write_config(Project& project, const InitResult& result) {
  if (result.local_file) {
    AtomicFile file(*result.local_file, 0600);
    file.write(new_local_config_text(with_passwords(result.found)));
    file.commit();
  }
  AtomicFile file(config_path(project));
  file.write(new_config_text(result.found));
  file.commit();
  project.forget_config();
}

/// Warns of those that do not.
bool any_exists(Project& project, std::vector<std::string>& warnings) {
  bool any = false;
  for (const std::string& name : database_names(project)) {
    Database& database = project.database(name);
    if (database.probe().exists) {
      any = true;
      continue;
    }
    warnings.push_back(
        fmt::format("database '{}' does not exist yet: {}", name, database.display()));
  }
  return any;
}

}  // namespace

InitResult plan_init(Project& project, const InitRequest& request) {
  require_no_lost_catalogue(project);
  InitResult result{.config_file = config_path(project)};
  if (project.configured()) {
    if (!request.urls.empty()) {
      throw Error(ErrorKind::user, ".quemsi.yml exists already")
          .hint("edit it, then: git quemsi trust");
    }
    return result;
  }
  result.config_written = true;
  result.found =
      request.urls.empty() ? search(project, result.warnings) : given(project, request, result);
  if (result.found.empty()) throw nothing_found(result.warnings);
  return result;
}

void adopt_worktree(Project& project) {
  require_no_lost_catalogue(project);
  const OperationLock lock(project);
  project.trust().trust(project.config());
  set_up_owner(project);
}

void set_up_owner(Project& project) {
  Catalogue& catalogue = project.catalogue();
  const WorktreeId worktree = project.repository().worktree();
  std::optional<Owner> owner = catalogue.owner(worktree);
  if (!owner) {
    owner = Owner{.worktree = worktree};
    if (const std::optional<BranchIdentity> branch = current_branch(project)) {
      owner->branch = branch->key;
      owner->branch_name = branch->name;
    }
  }
  std::map<std::string, std::string> now = locations(project);
  std::erase_if(owner->tokens, [&](const auto& entry) {
    const auto found = now.find(entry.first);
    const auto before = owner->locations.find(entry.first);
    return found == now.end() || before == owner->locations.end() ||
           before->second != found->second;
  });
  owner->locations = std::move(now);
  if (const std::optional<Error> conflict = location_conflict(project, *owner)) throw *conflict;
  catalogue.set_owner(*owner);
}

InitResult initialise(Project& project, const InitRequest& request, Progress& progress) {
  InitResult result = plan_init(project, request);
  project.repository().exclude(std::string("/") + local_name);
  if (result.config_written) write_config(project, result);
  project.repository().install_hooks(request.hooks, project.options().program);
  project.repository().carry_notes(false);
  adopt_worktree(project);
  result.filled = fill_new_worktree(project, progress);
  for (const std::string& file : tracked_files(project)) {
    result.warnings.push_back(tracked_line(file));
  }
  const bool fresh = project.catalogue().snapshot_count() == 0;
  if (any_exists(project, result.warnings) && fresh) {
    result.first =
        take_snapshot(project, {.tags = {}, .description = "taken by git quemsi init"}, progress);
  }
  return result;
}

}  // namespace quemsi
