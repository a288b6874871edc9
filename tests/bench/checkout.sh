#!/usr/bin/env bash
# A checkout between branches whose database is the same: what the hook costs.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

repository app
sqlite3 app.db "CREATE TABLE entries(id INTEGER PRIMARY KEY); INSERT INTO entries VALUES (1)"
follow
git branch other

# There and back, so that the hook always finds another branch than it left.
with_hooks() {
  timed with_hooks git switch -q other
  timed with_hooks git switch -q main
}
without_hooks() {
  timed without_hooks git -c core.hooksPath=/dev/null switch -q other
  timed without_hooks git -c core.hooksPath=/dev/null switch -q main
}
alternate 20 with_hooks without_hooks

adds_at_most 10 "checkout, nothing to do" with_hooks "without hooks" without_hooks
