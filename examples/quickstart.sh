#!/usr/bin/env bash
# Builds git-quemsi and plays its story on a small SQLite database: a long schema change,
# interrupted by an urgent bug. Every claim is checked; the first that is not true ends it.
#
#   examples/quickstart.sh [--keep] [--build-dir DIR]
#
#   --keep           leaves the repository to play in
#   --build-dir DIR  takes the release build in DIR instead of building one
#
# It plays in a temporary folder, with a home of its own.
# shellcheck disable=SC2016,SC2088 # what is typed is expanded when it runs
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=examples/support/telling.sh
. "$top/examples/support/telling.sh"
# shellcheck source=examples/support/stage.sh
. "$top/examples/support/stage.sh"

# migrate FILE: brings a migration into the repository and runs it.
migrate() {
  cp "$top/examples/quickstart/$1" migrations/
  step "cat migrations/$1"
  step "sqlite3 shop.db < migrations/$1"
}

open_stage shop "$@"
mkdir migrations
printf '%s\n' '*.db' '*.db-*' >.gitignore

# ---- the story ----

chapter "Monday: a shop with one tenant, on main"
migrate 1-shop.sql
step 'git quemsi init --yes'
step 'git add . && git commit -q -m "A shop whose database follows the branch"'
step 'git quemsi snapshot before-multi-tenant -m "The last state with one tenant"'
tell "We keep a dump of it aside, to compare with later."
step 'sqlite3 shop.db .dump > ~/main.sql'

chapter "All week: a schema change on a branch of its own"
switch -c multi-tenant
claim_same "a new branch starts from the state it branched off" shop.db '~/main.sql'
migrate 2-tenants.sql
step 'git quemsi snapshot tenants-table'
step 'git add . && git commit -q -m "Add tenants"'
migrate 3-assign-tenants.sql
step 'git add . && git commit -q -m "Assign tenants, half of it"'
tell "Half of the customers have no tenant yet, and nobody took a snapshot of that."
step 'sqlite3 shop.db .dump > ~/half-migrated.sql'

chapter "Thursday, 17:02: an urgent bug on main"
switch main
claim_same "main has its schema and its rows back" shop.db '~/main.sql'
claim "git-quemsi knows that nothing differs" \
  "git quemsi status --porcelain | grep -x 'dirty no'"
switch -c hotfix
step 'sqlite3 shop.db "SELECT count(*) FROM orders WHERE total < 0"'
migrate 2-no-negative-orders.sql
step 'git add . && git commit -q -m "No order has a negative total"'
step 'sqlite3 shop.db .dump > ~/hotfix.sql'

chapter "17:10: back to the migration, as if nothing had happened"
switch multi-tenant
claim_same "the half-migrated state is back" shop.db '~/half-migrated.sql'
switch -
claim_same "so is the hotfix, with a switch as well" shop.db '~/hotfix.sql'
switch -

chapter "How was it before? A snapshot comes back beside the live database"
step 'git quemsi restore before-multi-tenant --temp'
step 'temp=$(git quemsi temp list | sed "s/.*sqlite://")'
claim_same "the temporary database is main as it was on Monday" '"$temp"' '~/main.sql'
step 'git quemsi temp drop "sqlite:$temp"'
step 'git quemsi restore before-multi-tenant --to other.db'
claim_same "so is other.db" other.db '~/main.sql'
claim_same "the live one has not moved meanwhile" shop.db '~/half-migrated.sql'

chapter "Start over? Or rather not"
step 'git quemsi restore before-multi-tenant --yes'
claim_same "the live database is the snapshot" shop.db '~/main.sql'
step 'git quemsi undo --yes'
claim_same "undo takes that back" shop.db '~/half-migrated.sql'

chapter "What there is now"
step 'git quemsi list'
for tag in before-multi-tenant tenants-table; do
  git quemsi show "$tag" >/dev/null || fail "it is not true that $tag is listed"
done
settle
step 'git quemsi status'

tell "${green}All $proofs claims hold.$plain The switches took $switches ms." \
  "Next: git quemsi init, in a repository of yours. All commands: man $top/docs/man/git-quemsi.1"
