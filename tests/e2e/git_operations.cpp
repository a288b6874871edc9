#include "e2e/git_operations.hpp"

namespace quemsi::test {
namespace {

/// main and feature change one file differently.
constexpr const char* conflict =
    "echo main >shared; git add shared; git commit -qm 'Change shared on main';"
    "git checkout -q feature; echo feature >shared; git add shared;"
    "git commit -qm 'Change shared on feature'; git checkout -q main";

constexpr const char* upstream =
    "git clone -q --bare . \"$HOME/up.git\"; git remote add up \"$HOME/up.git\";"
    "new=$(git commit-tree -p main -m 'From a teammate' main^{tree});"
    "git push -q up $new:refs/heads/main";

constexpr const char* submodule =
    "git init -q \"$HOME/sub\"; git -C \"$HOME/sub\" commit -q --allow-empty -m one;"
    "git -c protocol.file.allow=always submodule --quiet add \"$HOME/sub\" sub;"
    "git commit -qm 'Add a submodule'";

constexpr const char* on = "git checkout -q feature";

}  // namespace

const std::vector<GitOperation>& git_operations() {
  static const std::vector<GitOperation> all{
      // Branches
      {"git switch feature", "", "git switch -q feature", ""},
      {"git checkout -", "", "git checkout -q -", ""},
      {"git checkout", "", "git checkout -q", ""},
      {"git switch -c new", "", "git switch -q -c new", ""},
      {"git switch -c fix v1", "", "git switch -q -c fix v1", ""},
      {"git checkout -B new feature", "", "git checkout -q -B new feature", ""},
      {"git checkout --orphan fresh", "", "git checkout -q --orphan fresh",
       "git commit -q -m fresh"},
      {"git checkout -- FILE", "", "git checkout -q feature -- shared", "git reset -q --hard"},
      {"git restore FILE", "", "git restore --source=feature shared", "git reset -q --hard"},
      {"git symbolic-ref HEAD", "", "git symbolic-ref HEAD refs/heads/feature",
       "git reset -q --hard"},
      {"git read-tree, symbolic-ref", "",
       "git read-tree -um HEAD feature; git symbolic-ref HEAD refs/heads/feature", ""},
      {"git branch -m main renamed", "", "git branch -m main renamed", "", "renamed"},
      {"git branch -c feature copy", "", "git branch -c feature copy; git switch -q copy", ""},
      {"git branch -d merged", "git branch merged", "git branch -q -d merged", ""},
      {"git branch -D feature", "", "git branch -q -D feature", "", "main", ""},
      {"git branch -f feature main", "", "git branch -f feature main", ""},
      {"git update-ref", "", "git update-ref refs/heads/feature main", ""},
      // Detached
      {"git checkout v1", "", "git checkout -q v1", ""},
      {"git checkout v1 (nearest)", "git config quemsi.followDetached nearest",
       "git checkout -q v1", ""},
      {"git checkout --detach (nearest)", "git config quemsi.followDetached nearest",
       "git checkout -q --detach", ""},
      {"git bisect", "", "git bisect start main v1 >bisect.txt", "git bisect reset 2>out.txt"},
      {"git bisect (nearest)", "git config quemsi.followBisect nearest",
       "git bisect start main v1~1 >bisect.txt", "git bisect reset 2>out.txt"},
      {"git bisect reset", "git bisect start main v1 >bisect.txt", "git bisect reset 2>out.txt",
       ""},
      // Commits
      {"git commit", "", "git commit -q --allow-empty -m more", ""},
      {"git commit, new schema", "sqlite3 app.db 'CREATE TABLE newer(x)'",
       "git commit -q --allow-empty -m more", ""},
      {"git commit --amend", "", "git commit -q --amend -m again", ""},
      {"git reset --hard HEAD~1", "", "git reset -q --hard HEAD~1", ""},
      {"git stash, stash pop", "echo x >>shared", "git stash -q; git stash pop -q",
       "git reset -q --hard"},
      {"git stash branch kept", "echo x >>shared; git stash -q", "git stash branch kept >out.txt",
       "git reset -q --hard"},
      {"git cherry-pick v1..feature", "", "git cherry-pick v1..feature >out.txt", ""},
      {"git cherry-pick, conflict, --abort", conflict,
       "! git cherry-pick feature >out.txt 2>&1; git cherry-pick --abort", ""},
      {"git revert HEAD", "", "git revert --no-edit HEAD >out.txt", ""},
      {"git am", "git format-patch -q -o \"$HOME/patches\" v1..feature",
       "git am -q \"$HOME\"/patches/*", ""},
      // Merges
      {"git merge feature", "", "git merge -q --no-edit feature", ""},
      {"git merge, fast-forward", "git branch ahead $(git commit-tree -p main -m x main^{tree})",
       "git merge -q ahead", ""},
      {"git merge --squash feature", "", "git merge -q --squash feature 2>out.txt",
       "git reset -q --hard"},
      {"git merge, conflict", conflict, "! git merge -q feature >out.txt 2>&1",
       "git merge --abort"},
      {"git merge, conflict, commit", conflict,
       "! git merge -q feature >out.txt 2>&1; git add shared; git commit -q --no-edit", ""},
      {"git merge, conflict, --abort", conflict,
       "! git merge -q feature >out.txt 2>&1; git merge --abort", ""},
      {"git pull", upstream, "git pull -q --ff-only up main", ""},
      {"git pull --rebase", upstream,
       "git commit -q --allow-empty -m mine; git pull -q --rebase up main", ""},
      // Rebases
      {"git rebase feature", "", "git rebase -q feature", ""},
      {"git rebase --apply feature", "", "git rebase -q --apply feature", ""},
      {"git rebase, fast-forward", "git switch -q -c old v1", "git rebase -q feature", ""},
      {"git rebase -i, squash", "",
       "GIT_EDITOR=: GIT_SEQUENCE_EDITOR='sed -i 2s/pick/squash/' git rebase -q -i v1 >out.txt",
       ""},
      {"git rebase --autosquash",
       // One that changes nothing would be the commit that it amends, if made in the same second.
       "echo x >fixed; git add fixed; git commit -q --fixup HEAD~1",
       "GIT_SEQUENCE_EDITOR=: git rebase -q -i --autosquash v1", ""},
      {"git rebase --autostash", "echo x >>shared", "git rebase -q --autostash feature 2>out.txt",
       "git reset -q --hard"},
      {"git rebase, conflict", conflict, "! git rebase -q feature >out.txt 2>&1",
       "git rebase --abort"},
      {"git rebase, conflict, --continue", conflict,
       "! git rebase -q feature >out.txt 2>&1; git add shared;"
       "git -c core.editor=true rebase --continue >out.txt",
       ""},
      {"git rebase, conflict, --abort", conflict,
       "! git rebase -q feature >out.txt 2>&1; git rebase --abort", ""},
      {"git rebase main feature", "", "git rebase -q main feature", ""},
      // Elsewhere
      {"git worktree add, remove", "",
       "git worktree add -q \"$HOME/tree\" feature; git worktree remove --force \"$HOME/tree\"",
       ""},
      {"git clone", "", "git clone -q . \"$HOME/clone\"", ""},
      {"git submodule update", submodule,
       "git -c protocol.file.allow=always submodule --quiet update --init", ""},
      {"git sparse-checkout", "", "git sparse-checkout set --no-cone shared .quemsi.yml",
       "git sparse-checkout disable"},
      {"git switch feature (sparse)", "git sparse-checkout set --no-cone shared .quemsi.yml",
       "git switch -q feature", ""},
      {"git gc", on, "git gc -q", ""},
  };
  return all;
}

}  // namespace quemsi::test
