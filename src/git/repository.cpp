#include "git/author.hpp"
#include "git/branch_keys.hpp"
#include "git/git_config.hpp"
#include "git/hook_installer.hpp"
#include "git/index_search.hpp"
#include "git/location.hpp"
#include "git/operation.hpp"
#include "git/repository_impl.hpp"
#include "util/module.hpp"
#include "util/text.hpp"

namespace quemsi {

namespace fs = std::filesystem;

std::optional<Repository> Repository::discover(const fs::path& start) {
  return discover(start, default_module_dir());
}

std::optional<Repository> Repository::discover(const fs::path& start, const fs::path& module_dir) {
  const std::optional<Location> location = locate(start);
  if (!location) return std::nullopt;
  return Repository(std::make_unique<Impl>(*location, module_dir));
}

Repository::Repository(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Repository::~Repository() = default;
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;

const fs::path& Repository::top() const { return impl_->git.location().top; }
const fs::path& Repository::git_dir() const { return impl_->git.location().git_dir; }
const fs::path& Repository::common_dir() const { return impl_->git.location().common_dir; }

bool Repository::is_linked_worktree() const { return git_dir() != common_dir(); }

WorktreeId Repository::worktree() const {
  if (!is_linked_worktree()) return WorktreeId("main");
  const std::string name = git_dir().filename().string();
  // No worktree's folder can be called `main~`: git allows no `~` in them.
  return WorktreeId(name == "main" ? "main~" : name);
}

bool Repository::has_worktree(const WorktreeId& id) const {
  if (id.str() == "main") return true;
  const std::string name = id.str() == "main~" ? "main" : id.str();
  return std::filesystem::exists(common_dir() / "worktrees" / name);
}

Head Repository::head() const {
  const std::optional<Head> head = impl_->refs.head();
  return head ? *head : impl_->command.head();
}

GitOperation Repository::operation() const {
  const GitOperation found = operation_in(git_dir());
  if (found != GitOperation::none || impl_->refs.are_files()) return found;
  if (resolve_commit("CHERRY_PICK_HEAD")) return GitOperation::cherry_pick;
  return resolve_commit("REVERT_HEAD") ? GitOperation::revert : GitOperation::none;
}

std::string Repository::author() const { return author_of(impl_->git); }

GitConfig Repository::config() const { return read_config(impl_->git); }

void Repository::set_local_config(const std::string& key, const std::string& value) {
  write_local_config(impl_->git, key, value);
}

void Repository::unset_local_config(const std::string& key) {
  remove_local_config(impl_->git, key);
}

BranchKeys Repository::branch_keys() const { return read_branch_keys(impl_->git); }

void Repository::set_branch_key(const std::string& branch, const BranchKey& key) {
  set_local_config("branch." + branch + ".quemsi", key.str());
}

bool Repository::branch_exists(const std::string& name) const {
  const std::optional<bool> exists = impl_->refs.branch_exists(name);
  return exists ? *exists : impl_->command.branch_exists(name);
}

bool Repository::is_tracked(const std::string& path) const {
  if (!may_be_in_index(git_dir(), path)) return false;
  return impl_->git.run({"ls-files", "--error-unmatch", "--", ":(top,literal)" + path}).exit_code ==
         0;
}

std::optional<CommitId> Repository::resolve_commit(const std::string& revision) const {
  if (revision == "HEAD") return head().commit;
  constexpr std::string_view branches = "refs/heads/";
  if (revision.starts_with(branches)) {
    const std::string branch = revision.substr(branches.size());
    if (auto commit = impl_->refs.branch_commit(branch)) return commit;
  }
  return impl_->resolve_commit(revision);
}

std::string Repository::git_version() const {
  const std::string text = impl_->git.output({"version"});
  constexpr std::string_view prefix = "git version ";
  const std::string version(trim(std::string_view(text).substr(prefix.size())));
  return version.substr(0, version.find(' '));
}

fs::path Repository::hooks_dir() const { return HookInstaller(impl_->git).folder(); }

std::vector<HookStatus> Repository::hooks() const { return HookInstaller(impl_->git).status(); }

void Repository::install_hooks(InstallMode mode, const fs::path& program) {
  HookInstaller(impl_->git).install(mode, program);
}

std::vector<std::string> Repository::uninstall_hooks() {
  return HookInstaller(impl_->git).uninstall();
}

}  // namespace quemsi
