#include "util/fd.hpp"
#include "util/text.hpp"
#include "workflow/links.hpp"

namespace quemsi {
namespace {

/// Some hook managers swallow post-rewrite's stdin; git's own file is still there.
std::string rewritten_list(Project& project) {
  const std::filesystem::path& git_dir = project.repository().git_dir();
  for (const char* file : {"rebase-merge/rewritten-list", "rebase-apply/rewritten"}) {
    if (auto text = read_text_file_if_exists(git_dir / file)) return *text;
  }
  return {};
}

bool is_commit_id(const std::string& text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

void carry_links(Project& project, const std::string& pairs) {
  if (!project.initialised() || !project.configured()) return;
  if (project.config().on_commit == OnCommit::off) return;
  NoteLines carried;
  const std::string list = trim(pairs).empty() ? rewritten_list(project) : pairs;
  for (const std::string& line : split(list, '\n')) {
    const std::vector<std::string> words = split(line, ' ');
    if (words.size() < 2 || !is_commit_id(words[0]) || !is_commit_id(words[1])) continue;
    const std::vector<std::string> lines = project.repository().note(CommitId(words[0]));
    if (lines.empty()) continue;
    std::vector<std::string>& all = carried[CommitId(words[1])];
    all.insert(all.end(), lines.begin(), lines.end());
  }
  project.repository().add_notes(carried);
}

}  // namespace quemsi
