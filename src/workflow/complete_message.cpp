#include <fcntl.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <span>

#include "util/fd.hpp"
#include "util/text.hpp"
#include "workflow/branches.hpp"
#include "workflow/commit_text.hpp"
#include "workflow/links.hpp"

namespace quemsi {
namespace {

/// git tells hooks so when it opens no editor.
bool was_edited() {
  const char* editor = std::getenv("GIT_EDITOR");
  return editor == nullptr || std::string_view(editor) != ":";
}

bool is_asked_for(const Snapshot& snapshot) {
  return snapshot.kind == SnapshotKind::manual || snapshot.kind == SnapshotKind::imported;
}

/// Taken for the commit that is being made: since the branch's last one, oldest first.
std::vector<Snapshot> taken_since_last_commit(Project& project, const Owner& owner) {
  std::vector<Snapshot> found =
      project.catalogue().snapshots_at(project.repository().head().commit);
  std::erase_if(found, [&](const Snapshot& snapshot) {
    return !is_asked_for(snapshot) || snapshot.branch_key != owner.branch;
  });
  std::reverse(found.begin(), found.end());
  return found;
}

std::vector<std::string> wanted_trailers(Project& project, const Owner& owner) {
  const CommitTrailers policy = project.config().commit_trailers;
  std::vector<std::string> trailers;
  for (const Snapshot& snapshot : taken_since_last_commit(project, owner)) {
    trailers.push_back(trailer_of(snapshot));
  }
  if (policy != CommitTrailers::always || !trailers.empty() || !owner.base) return trailers;
  const std::optional<Snapshot> base = project.catalogue().snapshot(*owner.base);
  if (base) trailers.push_back(trailer_of(*base));
  return trailers;
}

/// The owner, if the commit is being made on the branch that the databases stand for.
std::optional<Owner> owner_for_message(Project& project) {
  if (project.config().commit_trailers == CommitTrailers::off) return std::nullopt;
  const std::optional<Owner> owner = project.catalogue().owner(project.repository().worktree());
  const std::optional<BranchIdentity> branch = known_branch(project);
  if (!owner || !branch || owner->branch != branch->key) return std::nullopt;
  return owner;
}

/// git gives up a commit whose message is the template as it was.
bool is_template(Project& project, std::string_view kept, const std::string& comment) {
  const std::optional<std::string> file = project.git_config().value("commit.template");
  if (!file || file->empty()) return false;
  std::filesystem::path path = *file;
  const char* home = std::getenv("HOME");
  if (home != nullptr && file->starts_with("~/")) path = home + file->substr(1);
  const auto text = read_text_file_if_exists(project.repository().top() / path);
  return text && kept_text(*text, comment) == kept;
}

/// Without a newline at its end git would take the first trailer for a part of the subject.
void end_last_line(const std::filesystem::path& file, std::string_view message) {
  constexpr std::string_view newline = "\n";
  if (message.ends_with(newline)) return;
  write_all(open_file(file, O_WRONLY | O_APPEND), std::as_bytes(std::span(newline)), file);
}

std::string unknown_references(Project& project, std::string_view kept) {
  std::vector<std::string> unknown;
  for (const std::string& value : trailer_values(kept)) {
    if (!find_reference(project, value)) unknown.push_back("'" + value + "'");
  }
  if (unknown.empty()) return {};
  return fmt::format("the message names {}, and there is no such snapshot here; git quemsi list",
                     join(unknown, ", "));
}

}  // namespace

std::string complete_message(Project& project, const std::filesystem::path& file) {
  if (!project.initialised()) return {};
  if (project.repository().operation() == GitOperation::rebase || !project.configured()) return {};
  const std::optional<Owner> owner = owner_for_message(project);
  const std::vector<std::string> trailers =
      owner ? wanted_trailers(project, *owner) : std::vector<std::string>{};
  const std::string message = read_text_file(file);
  if (trailers.empty() && trailer_values(message).empty()) return {};
  const std::string comment =
      comment_start(message, project.git_config().value("core.commentchar"), was_edited());
  const std::string kept = kept_text(message, comment);
  const std::string warning = unknown_references(project, kept);
  const bool leave = trailers.empty() || is_empty_message(kept) || is_for_autosquash(kept) ||
                     is_template(project, kept, comment);
  if (leave) return warning;
  end_last_line(file, message);
  project.repository().add_trailers(file, trailers, comment);
  return warning;
}

}  // namespace quemsi
