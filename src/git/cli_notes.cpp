// Notes through the git command, for repositories that libgit2 cannot read.
#include <fmt/format.h>

#include <chrono>

#include "git/cli_backend.hpp"
#include "git/note_lines.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

std::string data(const std::string& text) {
  return fmt::format("data {}\n{}\n", text.size(), text);
}

/// For fast-import, which fans notes out and refuses to move a ref that has moved.
std::string import_stream(const NoteLines& texts, const std::optional<CommitId>& from) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  std::string stream = fmt::format(
      "commit {}\ncommitter git-quemsi <git-quemsi@localhost> {} +0000\n{}", notes_ref,
      std::chrono::duration_cast<std::chrono::seconds>(now).count(), data(notes_message));
  if (from) stream += fmt::format("from {}\n", from->str());
  for (const auto& [id, lines] : texts) {
    stream += fmt::format("N inline {}\n{}", id.str(), data(join_notes("", lines)));
  }
  return stream + "done\n";
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

void CliBackend::add_notes(const NoteLines& lines) {
  for (NotesRetry retry;; retry.wait()) {
    const std::optional<CommitId> from = find_commit(notes_ref);
    NoteLines texts;
    for (const auto& [id, more] : lines) {
      const std::vector<std::string> before = note(id);
      const std::string after = join_notes(join_notes("", before), more);
      if (after != join_notes("", before)) texts[id] = note_lines(after);
    }
    if (texts.empty()) return;
    const ProcessResult result = git_.run({"fast-import", "--quiet", "--done", "--date-format=raw"},
                                          import_stream(texts, from));
    if (result.exit_code == 0) return;
  }
}

}  // namespace quemsi
