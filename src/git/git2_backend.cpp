// The module quemsi-git2: libgit2 where it is sure; the rest is left to the git command.
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "git/backend.hpp"
#include "git/git2_handles.hpp"
#include "git/git2_notes.hpp"
#include "git/note_lines.hpp"

namespace quemsi {
namespace {

using namespace git2;

/// One for the process: libgit2's options are not guarded against threads.
class Library {
 public:
  Library() {
    git_libgit2_init();
    // git has validated the owner; libgit2 knows less of safe.directory than git does.
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    // They change nothing in what is asked here.
    std::array extensions{"worktreeconfig", "partialclone", "preciousobjects"};
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions.data(), extensions.size());
  }
  ~Library() { git_libgit2_shutdown(); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

class Git2Backend final : public GitBackend {
 public:
  /// False when libgit2 cannot read it.
  bool open(const char* git_dir) {
    return git_repository_open_ext(Out(repository_), git_dir, GIT_REPOSITORY_OPEN_NO_SEARCH,
                                   nullptr) == 0;
  }

  std::optional<CommitId> resolve_commit(const std::string& revision) override {
    if (!is_simple(revision)) return std::nullopt;
    ObjectHandle found;
    if (git_revparse_single(Out(found), repository_.get(), revision.c_str()) != 0) {
      return std::nullopt;
    }
    ObjectHandle commit;
    if (git_object_peel(Out(commit), found.get(), GIT_OBJECT_COMMIT) != 0) return std::nullopt;
    return commit_id(*git_object_id(commit.get()));
  }

  std::optional<Commit> commit(const CommitId& id) override {
    git_oid oid;
    CommitHandle found;
    if (git_oid_fromstr(&oid, id.str().c_str()) != 0 ||
        git_commit_lookup(Out(found), repository_.get(), &oid) != 0) {
      return std::nullopt;
    }
    Commit commit{id, {}, git_commit_message(found.get())};
    for (unsigned i = 0; i < git_commit_parentcount(found.get()); ++i) {
      commit.parents.push_back(commit_id(*git_commit_parent_id(found.get(), i)));
    }
    return commit;
  }

  std::vector<std::string> note(const CommitId& id) override {
    return note_lines(Notes(repository_.get()).read(id));
  }
  NoteLines notes() override { return Notes(repository_.get()).all(); }
  void add_notes(const NoteLines& lines) override { Notes(repository_.get()).add(lines); }

 private:
  /// A ref or a full id, and then only `~2` and `^`. libgit2 leaks memory whenever a
  /// regular expression of its own or of the user's does not match.
  bool is_simple(const std::string& revision) {
    const std::string name = revision.substr(0, revision.find_first_of("~^"));
    const std::string_view steps = std::string_view(revision).substr(name.size());
    if (steps.find_first_not_of("~^0123456789") != std::string_view::npos) return false;
    // It would take `//main` for `main`.
    if (name.empty() || name[0] == '/' || name.find("//") != std::string::npos) return false;
    if (git_oid oid; name.size() == GIT_OID_HEXSZ && git_oid_fromstr(&oid, name.c_str()) == 0) {
      return true;
    }
    ReferenceHandle reference;
    return git_reference_dwim(Out(reference), repository_.get(), name.c_str()) == 0;
  }

  RepositoryHandle repository_;
};

}  // namespace
}  // namespace quemsi

/// Null when libgit2 cannot serve; else the caller's.
extern "C" __attribute__((visibility("default"))) quemsi::GitBackend* quemsi_git2_open(
    const char* git_dir) {
  static const quemsi::Library library;
  auto backend = std::make_unique<quemsi::Git2Backend>();
  return backend->open(git_dir) ? backend.release() : nullptr;
}
