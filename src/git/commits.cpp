// Repository: commits, notes and messages.
#include <deque>
#include <set>

#include "git/git_command.hpp"
#include "git/note_lines.hpp"
#include "git/repository_impl.hpp"

namespace quemsi {

std::optional<Commit> Repository::commit(const CommitId& id) const {
  return impl_->backend().commit(id);
}

bool Repository::walk_ancestors(
    const CommitId& start,
    const std::function<bool(const Commit&, std::size_t steps)>& visit) const {
  GitBackend& backend = impl_->backend();
  std::deque<std::pair<CommitId, std::size_t>> queue{{start, 0}};
  std::set<CommitId> seen{start};
  for (; !queue.empty(); queue.pop_front()) {
    const auto& [id, steps] = queue.front();
    // Cut off by a shallow clone.
    const std::optional<Commit> commit = backend.commit(id);
    if (!commit) continue;
    if (visit(*commit, steps)) return true;
    const std::size_t next = steps + 1;
    for (const CommitId& parent : commit->parents) {
      if (seen.insert(parent).second) queue.emplace_back(parent, next);
    }
  }
  return false;
}

std::string Repository::log(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), "log");
  ProcessResult result = impl_->git.run(std::move(arguments));
  if (result.exit_code != 0) throw git_error(ErrorKind::user, "log", result);
  return std::move(result.out);
}

std::vector<std::string> Repository::note(const CommitId& id) const {
  return impl_->backend().note(id);
}

NoteLines Repository::notes() const { return impl_->backend().notes(); }

void Repository::add_notes(const NoteLines& lines) {
  if (!lines.empty()) impl_->backend().add_notes(lines);
}

void Repository::add_trailers(const std::filesystem::path& file,
                              const std::vector<std::string>& trailers,
                              const std::string& comment) const {
  std::vector<std::string> arguments{"-c",
                                     "core.commentChar=" + comment,
                                     "interpret-trailers",
                                     "--in-place",
                                     "--if-exists",
                                     "addIfDifferent"};
  for (const std::string& trailer : trailers) {
    arguments.emplace_back("--trailer");
    arguments.push_back(trailer);
  }
  arguments.push_back(file.string());
  const ProcessResult result = impl_->git.run(std::move(arguments));
  if (result.exit_code != 0) throw git_error(ErrorKind::io, "interpret-trailers", result);
}

}  // namespace quemsi
