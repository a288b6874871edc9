#!/usr/bin/env bash
# A small project on PostgreSQL whose database follows the branch: its migrations come and go with
# `git switch`, a connected application is told, and a snapshot outlives the server. Every claim is
# checked; the first that is not true ends it.
#
#   examples/postgresql/run.sh [--keep] [--build-dir DIR]
#
#   --keep           leaves the repository and its server to play with
#   --build-dir DIR  takes the release build in DIR instead of building one
#
# It plays in a temporary folder, on a server of its own.
# shellcheck disable=SC2016,SC2088 # what is typed is expanded when it runs
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
here=$top/examples/postgresql
# shellcheck source=examples/support/telling.sh
. "$top/examples/support/telling.sh"
# shellcheck source=examples/support/stage.sh
. "$top/examples/support/stage.sh"
# shellcheck source=tests/support/postgres.sh
. "$top/tests/support/postgres.sh"

close_stage() { stop_postgres "$folder/server"; }

# The server's user has to reach its folder.
new_server() {
  chmod o+x "$folder"
  start_postgres "$folder/server" max_wal_size=4GB
  psql -q -d postgres -c "CREATE DATABASE library"
}

# migrate FILE: brings a migration into the repository and runs it.
migrate() {
  cp "$here/migrations/$1" migrations/
  step "cat migrations/$1"
  step './migrate.sh'
}

# claim_same WHAT FILE [DATABASE]: it has the schema and the rows of a dump.
dump() { pg_dump "$@" | sed '/^\\\(un\)\?restrict /d'; }
claim_dump() { claim "$1" "dump -d ${3:-library} | diff -q $2 - && echo identical"; }

sh "$top/tests/support/install-packages.sh" tests
open_stage library "$@"
write_tool end ". '$top/tests/support/postgres.sh'" "stop_postgres '$folder/server'" "rm -rf '$folder'"
new_server
export PGDATABASE=library
mkdir migrations && cp "$here/migrate.sh" .

# ---- the story ----

chapter "A project with migrations, on main"
migrate 1-library.sql
step 'git quemsi init --yes --url "postgresql://app@/library?host=$PGHOST"'
step 'git add . && git commit -q -m "A library whose database follows the branch"'
step 'git quemsi snapshot release-1 -m "What the customers have"'
step 'dump > ~/main.sql'

chapter "A long migration, half of it done"
switch -c currencies
migrate 2-currencies.sql
migrate 3-assign-currencies.sql
step 'git add . && git commit -q -m "Prices have currencies, half of them"'
step 'dump > ~/half-migrated.sql'

chapter "An urgent bug on main, while the application is connected"
psql -q -d "dbname=library application_name=bookshop" -c "SELECT pg_sleep(600)" >/dev/null 2>&1 &
until psql -qAt -c "SELECT 1 FROM pg_stat_activity WHERE application_name = 'bookshop' AND state = 'active'" |
  grep -q 1; do sleep 0.02; done
switch main
claim_dump "main has its schema and its rows back" '~/main.sql'
switch -c hotfix
migrate 2-free-books.sql
step 'git add . && git commit -q -m "Do not sell books for nothing"'

chapter "Back to the migration, as if nothing had happened"
switch currencies
claim_dump "the half-migrated state is back" '~/half-migrated.sql'
claim "its own migrations have run, and not those of the hotfix" \
  'psql -qAt -c "SELECT string_agg(name, chr(32) ORDER BY name) FROM schema_migrations" |
  grep -x "1-library 2-currencies 3-assign-currencies"'

chapter "How was it before? A snapshot comes back beside the live database"
step 'git quemsi restore release-1 --temp'
step 'temp=$(git quemsi temp list | sed "s/.*\(quemsi_[a-z]*\).*/\1/")'
claim_dump "the temporary database is main as it was" '~/main.sql' '"$temp"'

chapter "The server's disk dies. What is sealed lies in the repository"
settle
close_stage
new_server
tell "A new server with an empty database."
step 'git quemsi restore release-1 --yes'
claim_dump "the snapshot has outlived its server" '~/main.sql'

settle
tell "${green}All $proofs claims hold.$plain The switches took $switches ms." \
  "Next: git quemsi init, in a repository of yours. All commands: man $top/docs/man/git-quemsi.1"
