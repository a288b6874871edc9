#!/usr/bin/env bash
# A small project on MariaDB whose schema follows the branch: its migrations, triggers and views
# come and go with `git switch`, a connected application stays connected, and a snapshot outlives
# the server. Every claim is checked; the first that is not true ends it.
#
#   examples/mariadb/run.sh [--keep] [--build-dir DIR]
#
#   --keep           leaves the repository and its server to play with
#   --build-dir DIR  takes the release build in DIR instead of building one
#
# It plays in a temporary folder, on a server of its own.
# shellcheck disable=SC2016,SC2088 # what is typed is expanded when it runs
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
here=$top/examples/mariadb
# shellcheck source=examples/support/telling.sh
. "$top/examples/support/telling.sh"
# shellcheck source=examples/support/stage.sh
. "$top/examples/support/stage.sh"
# shellcheck source=tests/support/mariadb.sh
. "$top/tests/support/mariadb.sh"

close_stage() { stop_mariadb "$folder/server"; }

# The server's user has to reach its folder.
new_server() {
  chmod o+x "$folder"
  start_mariadb "$folder/server"
  mysql_app -e "CREATE DATABASE library"
}

mysql_app() { mariadb --no-defaults -u app "$@"; }

# migrate FILE: brings a migration into the repository and runs it.
migrate() {
  cp "$here/migrations/$1" migrations/
  step "cat migrations/$1"
  step './migrate.sh'
}

dump() {
  mariadb-dump --no-defaults -u app --skip-comments --routines --triggers "${1:-library}"
}
# claim_dump WHAT FILE [SCHEMA]: it has the tables, the triggers and the rows of a dump.
claim_dump() { claim "$1" "dump ${3:-} | diff -q $2 - && echo identical"; }

sh "$top/tests/support/install-packages.sh" tests
open_stage library "$@"
write_tool end ". '$top/tests/support/mariadb.sh'" "stop_mariadb '$folder/server'" "rm -rf '$folder'"
new_server
mkdir migrations && cp "$here/migrate.sh" .

# ---- the story ----

chapter "A project with migrations, on main"
migrate 1-library.sql
step 'git quemsi init --yes --url "mysql://app@localhost/library?socket=$MYSQL_UNIX_PORT"'
step 'git add . && git commit -q -m "A library whose schema follows the branch"'
step 'git quemsi snapshot release-1 -m "What the customers have"'
step 'dump > ~/main.sql'

chapter "A long migration, half of it done"
switch -c sale
migrate 2-history.sql
migrate 3-sale.sql
step 'git add . && git commit -q -m "A sale, half of it"'
step 'dump > ~/half-migrated.sql'

chapter "An urgent bug on main, while an application is connected"
exec {application}> >(mysql_app -N --unbuffered library >"$folder/seen" 2>&1)
printf 'SELECT count(*) FROM old_prices;\n' >&"$application"
until [ -s "$folder/seen" ]; do sleep 0.02; done
switch main
claim_dump "main has its tables and its rows back" '~/main.sql'
printf 'SELECT count(*) FROM books;\nSELECT count(*) FROM old_prices;\n' >&"$application"
exec {application}>&-
until grep -q ERROR "$folder/seen"; do sleep 0.02; done
claim "the connection lived on: 25000 old prices before, no such table after" \
  'grep -x 25000 ../seen && grep -x 50000 ../seen && grep "old_prices. doesn.t exist" ../seen'
switch -c hotfix
migrate 2-free-books.sql
step 'git add . && git commit -q -m "Do not sell books for nothing"'

chapter "Back to the sale, as if nothing had happened"
switch sale
claim_dump "the half-migrated state is back, its trigger and its view included" '~/half-migrated.sql'
claim "its own migrations have run, and not those of the hotfix" \
  'mysql_app -N library -e "SELECT group_concat(name ORDER BY name) FROM schema_migrations" |
  grep -x "1-library,2-history,3-sale"'

chapter "How was it before? A snapshot comes back beside the live schema"
step 'git quemsi restore release-1 --temp'
step 'temp=$(git quemsi temp list | sed "s/.*\(quemsi_[a-z]*\).*/\1/")'
claim_dump "the temporary schema is main as it was" '~/main.sql' '"$temp"'

chapter "The server's disk dies. What is sealed lies in the repository"
settle
close_stage
new_server
tell "A new server with an empty schema."
step 'git quemsi restore release-1 --yes'
claim_dump "the snapshot has outlived its server" '~/main.sql'

settle
tell "${green}All $proofs claims hold.$plain The switches took $switches ms." \
  "Next: git quemsi init, in a repository of yours. All commands: man $top/docs/man/git-quemsi.1"
