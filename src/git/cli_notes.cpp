// Notes through the git command, for repositories that libgit2 cannot read.
#include <unistd.h>

#include <atomic>

#include "git/cli_backend.hpp"
#include "git/note_lines.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

/// A ref of our own, on which nobody else writes; gone at the end.
class ScratchRef {
 public:
  ScratchRef(const GitCommand& git, const std::optional<CommitId>& at)
      : git_(git), name_(unique_name()) {
    if (at) static_cast<void>(git_.output({"update-ref", name_, at->str()}));
  }
  ~ScratchRef() {
    try {
      static_cast<void>(git_.run({"update-ref", "-d", name_}));
    } catch (const Error&) {
      // It is in nobody's way.
    }
  }
  ScratchRef(const ScratchRef&) = delete;
  ScratchRef& operator=(const ScratchRef&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  static std::string unique_name() {
    static std::atomic<unsigned> count = 0;
    return std::string(notes_ref) + "-" + std::to_string(getpid()) + "-" + std::to_string(++count);
  }

  const GitCommand& git_;
  std::string name_;
};

/// Under our name: git asks for one, and not everybody has set theirs. Throws Error(io).
std::string run_named(const GitCommand& git, std::vector<std::string> arguments,
                      const std::string& input = {}) {
  const std::string verb = arguments.front();
  arguments.insert(arguments.begin(),
                   {"-c", "user.name=git-quemsi", "-c", "user.email=git-quemsi@localhost"});
  ProcessResult result = git.run(std::move(arguments), input);
  if (result.exit_code != 0) throw git_error(ErrorKind::io, verb, result);
  return std::move(result.out);
}

void write_note(const GitCommand& git, const std::string& ref, const CommitId& id,
                const std::string& text) {
  run_named(git, {"notes", "--ref", ref, "add", "--force", "--file=-", id.str()}, text);
}

/// What was written note by note, as one commit.
std::string join_commits(const GitCommand& git, const std::string& ref,
                         const std::optional<CommitId>& parent) {
  std::vector<std::string> arguments{"commit-tree", ref + "^{tree}", "-m", notes_message};
  if (parent) arguments.insert(arguments.end(), {"-p", parent->str()});
  return std::string(trim(run_named(git, std::move(arguments))));
}

}  // namespace

std::vector<std::string> CliBackend::note(const CommitId& id) {
  const ProcessResult result = git_.run({"notes", "--ref", notes_ref, "show", id.str()});
  return result.exit_code == 0 ? note_lines(result.out) : std::vector<std::string>{};
}

NoteLines CliBackend::notes() {
  NoteLines found;
  const ProcessResult list = git_.run({"notes", "--ref", notes_ref, "list"});
  for (const std::string& line : split(list.out, '\n')) {
    const std::vector<std::string> words = split(line, ' ');
    if (words.size() == 2) found[CommitId(words[1])] = note(CommitId(words[1]));
  }
  return found;
}

bool CliBackend::try_add_notes(const NoteLines& lines) {
  const std::optional<CommitId> from = find_commit(notes_ref);
  const ScratchRef scratch(git_, from);
  bool changed = false;
  for (const auto& [id, more] : lines) {
    const std::string before = join_notes("", note(id));
    const std::string after = join_notes(before, more);
    if (after == before) continue;
    write_note(git_, scratch.name(), id, after);
    changed = true;
  }
  if (!changed) return true;
  const std::string to = join_commits(git_, scratch.name(), from);
  return git_.run({"update-ref", notes_ref, to, from ? from->str() : ""}).exit_code == 0;
}

void CliBackend::add_notes(const NoteLines& lines) {
  for (NotesRetry retry; !try_add_notes(lines);) retry.wait();
}

}  // namespace quemsi
