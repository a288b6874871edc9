#!/usr/bin/env bash
# One repository, four databases: orders in PostgreSQL, stock in MariaDB, sessions and jobs in
# SQLite. They switch as one, or not at all. Every claim is checked; the first that is not true
# ends it.
#
#   examples/mixed/run.sh [--keep] [--build-dir DIR]
#
#   --keep           leaves the repository and its servers to play with
#   --build-dir DIR  takes the release build in DIR instead of building one
#
# It plays in a temporary folder, on servers of its own.
# shellcheck disable=SC2016,SC2088 # what is typed is expanded when it runs
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=examples/support/telling.sh
. "$top/examples/support/telling.sh"
# shellcheck source=examples/support/stage.sh
. "$top/examples/support/stage.sh"
# shellcheck source=tests/support/postgres.sh
. "$top/tests/support/postgres.sh"
# shellcheck source=tests/support/mariadb.sh
. "$top/tests/support/mariadb.sh"

close_stage() { stop_postgres "$folder/pg" && stop_mariadb "$folder/maria"; }

stock() { mariadb --no-defaults -u app -N library "$@"; }

# all SQL: in each of the four.
all() {
  psql -q -d orders -c "$1"
  stock -e "$1"
  sqlite3 sessions.db "$1"
  sqlite3 jobs.db "$1"
}

dump_all() {
  pg_dump orders | sed '/^\\\(un\)\?restrict /d'
  mariadb-dump --no-defaults -u app --skip-comments --triggers library
  sqlite3 sessions.db .dump
  sqlite3 jobs.db .dump
}
claim_all() { claim "$1" "dump_all | diff -q $2 - && echo identical"; }

sh "$top/tests/support/install-packages.sh" tests
open_stage shop "$@"
write_tool end ". '$top/tests/support/postgres.sh'" ". '$top/tests/support/mariadb.sh'" \
  "stop_postgres '$folder/pg'" "stop_mariadb '$folder/maria'" "rm -rf '$folder'"
# The servers' users have to reach their folders.
chmod o+x "$folder"
start_postgres "$folder/pg"
start_mariadb "$folder/maria"
psql -q -d postgres -c "CREATE DATABASE orders"
mariadb --no-defaults -u app -e "CREATE DATABASE library"
printf '%s\n' '*.db' '*.db-*' >.gitignore
cat >.quemsi.yml <<CONFIG
version: 1
connections: wait
busy_timeout: 1s
databases:
  orders: postgresql://app@/orders?host=$PGHOST
  stock: mysql://app@localhost/library?socket=$MYSQL_UNIX_PORT
  sessions: sqlite:sessions.db
  jobs: sqlite:jobs.db
CONFIG

# ---- the story ----

chapter "Four databases, on main"
step 'cat .quemsi.yml'
step 'all "CREATE TABLE items(id int PRIMARY KEY, name text)"'
step 'all "INSERT INTO items VALUES (1, '\''of main'\'')"'
step 'git quemsi init --yes'
step 'git add . && git commit -q -m "A shop with four databases"'
step 'git quemsi snapshot before -m "All four"'
step 'dump_all > ~/main.sql'

chapter "A branch changes them all"
switch -c feature
step 'all "ALTER TABLE items ADD COLUMN price int"'
step 'all "INSERT INTO items VALUES (2, '\''of the feature'\'', 7)"'
step 'git commit -q --allow-empty -m "Prices"'
step 'dump_all > ~/feature.sql'
switch main
claim_all "all four are main's" '~/main.sql'
switch feature
claim_all "all four are the feature's" '~/feature.sql'

chapter "One of them cannot: somebody has a transaction open in MariaDB"
exec {writer}> >(stock --unbuffered >"$folder/seen" 2>&1)
printf "BEGIN; UPDATE items SET price = 8 WHERE id = 2; SELECT 'written';\n" >&"$writer"
until grep -q written "$folder/seen"; do sleep 0.02; done
switch main
claim "no other one has moved" \
  'psql -qAt -d orders -c "SELECT count(*) FROM items" | grep -x 2 &&
  sqlite3 sessions.db "SELECT count(*) FROM items" | grep -x 2 &&
  sqlite3 jobs.db "SELECT count(*) FROM items" | grep -x 2'
step 'git quemsi status'
printf "ROLLBACK; SELECT 'rolled back';\n" >&"$writer"
exec {writer}>&-
until grep -q 'rolled back' "$folder/seen"; do sleep 0.02; done
tell "It has come to its end: now they all follow."
switch main
claim_all "all four are main's" '~/main.sql'

chapter "A snapshot of all, restored; and taken back"
switch feature
step 'git quemsi restore before --yes'
claim_all "all four are what they were before" '~/main.sql'
step 'git quemsi undo --yes'
claim_all "undo takes that back in all of them" '~/feature.sql'

settle
tell "${green}All $proofs claims hold.$plain The switches took $switches ms." \
  "Next: git quemsi init, in a repository of yours. All commands: man $top/docs/man/git-quemsi.1"
