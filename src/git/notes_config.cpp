// Repository: what git must know in order to carry our notes along.
#include "git/git_config.hpp"
#include "git/note_lines.hpp"
#include "git/repository_impl.hpp"
#include "util/text.hpp"

namespace quemsi {
namespace {

constexpr const char* rewrite_ref = "notes.rewriteRef";
constexpr const char* rewrite_mode = "notes.rewriteMode";
constexpr const char* display_ref = "notes.displayRef";
/// Any other mode loses what was written just before git copies.
constexpr const char* wanted_mode = "cat_sort_uniq";
constexpr const char* ours = "^refs/notes/quemsi$";

/// In git's configuration as a whole, patterns counting.
bool names_our_ref(const GitCommand& git, const char* key) {
  const ProcessResult result = git.run({"config", "--get-all", key});
  for (const std::string& value : split(result.out, '\n')) {
    if (value == notes_ref || value == "refs/notes/*" || value == "*") return true;
  }
  return false;
}

void name_our_ref(const GitCommand& git, const char* key) {
  if (names_our_ref(git, key)) return;
  const ProcessResult result = git.run({"config", "--local", "--add", key, notes_ref});
  if (result.exit_code != 0) throw git_error(ErrorKind::config, "config", result);
}

void unname_our_ref(const GitCommand& git, const char* key) {
  static_cast<void>(git.run({"config", "--local", "--unset-all", key, ours}));
}

}  // namespace

void Repository::carry_notes(bool show) {
  name_our_ref(impl_->git, rewrite_ref);
  if (!config().value(rewrite_mode)) set_local_config(rewrite_mode, wanted_mode);
  if (show) name_our_ref(impl_->git, display_ref);
}

void Repository::forget_notes_config() {
  const GitCommand& git = impl_->git;
  unname_our_ref(git, rewrite_ref);
  unname_our_ref(git, display_ref);
  // Somebody else's notes may go by the same mode.
  const bool others = git.run({"config", "--local", "--get-all", rewrite_ref}).exit_code == 0;
  if (!others && config().value(rewrite_mode) == wanted_mode) unset_local_config(rewrite_mode);
}

bool Repository::shows_notes() const { return names_our_ref(impl_->git, display_ref); }

}  // namespace quemsi
