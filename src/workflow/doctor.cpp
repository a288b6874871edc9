#include <fmt/core.h>

#include "workflow/branches.hpp"
#include "workflow/checkup.hpp"
#include "workflow/live.hpp"
#include "workflow/state_folder.hpp"

namespace quemsi {
namespace {

Error not_set_up(Project& project) {
  if (lacks_catalogue(project)) {
    return Error(ErrorKind::corrupt, "the catalogue of the snapshots is missing")
        .hint("git quemsi fsck --repair");
  }
  return Error(ErrorKind::user, "git-quemsi is not set up here").hint("git quemsi init");
}

void check_owner(Project& project, Checkup& checkup) {
  const std::optional<Owner> owner = project.catalogue().owner(project.repository().worktree());
  if (!owner) {
    return checkup.found("worktree", Severity::error,
                         Error(ErrorKind::user, "git-quemsi is not set up in this worktree")
                             .hint("git quemsi install"));
  }
  if (const auto conflict = location_conflict(project, *owner)) {
    return checkup.found("worktree", Severity::error, *conflict);
  }
  const std::optional<std::string> branch = project.repository().head().branch;
  const std::string present = present_name(project, *owner);
  if (!branch || *branch == present) {
    return checkup.good("worktree", "the databases stand for " + branch_for_humans(*owner));
  }
  checkup.found(
      "worktree", Severity::warning,
      Error(ErrorKind::user, fmt::format("HEAD is on '{}', the databases still stand for '{}'",
                                         *branch, branch_for_humans(*owner)))
          .hint("git checkout    brings them along"));
}

}  // namespace

void Checkup::good(const std::string& subject, const std::string& what) {
  diagnoses_.push_back({.subject = subject, .severity = {}, .what = what});
}

void Checkup::found(const std::string& subject, Severity severity, const Error& error) {
  diagnoses_.push_back({subject, severity, error.what(), error.causes(), error.hints()});
}

void Checkup::look_at(const std::string& subject, const std::function<void()>& look) {
  try {
    look();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::cancelled) throw;
    found(subject, Severity::error, error);
  }
}

void check_setup(Project& project, Checkup& checkup) {
  checkup.look_at("configuration", [&] {
    const std::size_t count = project.config().databases.size();
    project.require_trust();
    checkup.good("configuration",
                 fmt::format("trusted, {} database{}", count, count == 1 ? "" : "s"));
  });
  checkup.look_at("worktree", [&] {
    if (!project.initialised()) throw not_set_up(project);
    if (project.configured()) check_owner(project, checkup);
  });
}

std::vector<Diagnosis> doctor(Project& project) {
  Checkup checkup;
  checkup.look_at("git", [&] { check_git(project, checkup); });
  check_setup(project, checkup);
  // Nobody has looked yet at where an untrusted configuration connects to.
  const auto is_trusted = [&] {
    return project.configured() && project.trust().trusts(project.config());
  };
  checkup.look_at("databases", [&] {
    if (is_trusted()) check_databases(project, checkup);
  });
  checkup.look_at("privacy", [&] { check_state_folder(project, checkup); });
  checkup.look_at("snapshots", [&] {
    if (project.initialised()) check_keeping(project, checkup);
  });
  return std::move(checkup).diagnoses();
}

}  // namespace quemsi
