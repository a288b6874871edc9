#!/usr/bin/env bash
# What our hooks add to a commit, an amend and a rebase of 50 commits.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

picks=50

repository app
sqlite3 app.db "CREATE TABLE entries(id INTEGER PRIMARY KEY); INSERT INTO entries VALUES (1)"
follow
# What is measured is made by the same git in the same repository, by turns.
none=(-c core.hooksPath=/dev/null -c notes.rewriteRef=)

commit_with() { timed commit_with git commit -q --allow-empty -m with; }
commit_without() { timed commit_without git "${none[@]}" commit -q --allow-empty -m without; }
amend_with() { timed amend_with git commit -q --allow-empty --amend -m with; }
amend_without() { timed amend_without git "${none[@]}" commit -q --allow-empty --amend -m without; }
alternate 20 commit_with commit_without
adds_at_most 30 "commit" commit_with "without hooks" commit_without
alternate 20 amend_with amend_without
adds_at_most 60 "amend" amend_with "without hooks" amend_without

git switch -q -c topic
for ((i = 0; i < picks; i++)); do
  echo "$i" >"file$i"
  git add "file$i"
  git commit -q -m "Pick $i"
done
git branch -q base "topic~$picks"
git switch -q base
git commit -q --allow-empty -m "Base"
git switch -q topic
calm

# Each starts from the same commits.
start=$(git rev-parse topic)
rebase_with() {
  git reset -q --hard "$start"
  timed rebase_with git rebase -q base
}
rebase_without() {
  git reset -q --hard "$start"
  timed rebase_without git "${none[@]}" rebase -q base
}
alternate 5 rebase_with rebase_without
adds_at_most 1000 "rebase of $picks commits" rebase_with "without hooks" rebase_without
