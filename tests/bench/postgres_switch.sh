#!/usr/bin/env bash
# Switches on a PostgreSQL server, small and large, against copies by TEMPLATE.
# shellcheck source=tests/bench/postgres_lib.sh
. "$(dirname "$0")/postgres_lib.sh"

scale=$((BENCH_MB > 15 ? BENCH_MB * 2 / 15 : 2)) # twice the size of the SQLite database
start_server
make_database small 1
make_database large "$scale"

for name in small large; do
  follow_database "$name"
  git quemsi snapshot kept >>"$log"
  git switch -q -c other 2>>"$log"
  change_database "$name"
  git switch -q main 2>>"$log"
  calm
done

# The server, too, has written what it was given, for whichever repository.
enter() {
  calm_all small large "$1"
  psql -q -U postgres -d postgres -c CHECKPOINT
  sync
}
clean_small() {
  enter small
  timed_switch clean_small "$(toggle)"
}
clean_large() {
  enter large
  timed_switch clean_large "$(toggle)"
}
dirty_large() {
  enter large
  change_database large
  timed_switch dirty_large "$(toggle)"
}
restore_large() {
  enter large
  timed restore_large git quemsi restore --yes kept
}
# What a tool does that copies: a snapshot of what is there, then the other one in its place.
by_template() {
  psql -q -d postgres -c "CREATE DATABASE snapshot TEMPLATE large"
  dropdb large
  psql -q -d postgres -c "CREATE DATABASE large TEMPLATE other_state"
}
template() {
  enter large
  psql -q -d postgres -c "CREATE DATABASE aside TEMPLATE large" -c "ALTER DATABASE aside RENAME TO other_state"
  timed template by_template
  dropdb snapshot
  dropdb other_state
}
branch_off() {
  enter large
  git switch -q main 2>>"$log"
  change_database large
  calm
  timed_switch branch_off -c "new-$RANDOM$RANDOM"
  git switch -q main 2>>"$log"
}
alternate 4 clean_small clean_large dirty_large restore_large branch_off
# Fewer of these, which take seconds.
declare -A kept=()
for name in "${!samples[@]}"; do kept[$name]=${samples[$name]}; done
alternate 2 template
for name in "${!kept[@]}"; do samples[$name]=${kept[$name]}; done

size=$(megabytes large)
copies="copies by TEMPLATE"
within_ms 60 "PostgreSQL switch, $(megabytes small) MB" clean_small "$copies, $size MB" template
within_ms 60 "PostgreSQL switch, $size MB" clean_large "$copies" template
within_ms 60 "PostgreSQL switch, $size MB, dirty" dirty_large "$copies" template
compare "PostgreSQL restore of a kept snapshot, $size MB" restore_large "$copies" template
within_ms 100 "PostgreSQL \`switch -c\` from a dirty branch, $size MB" branch_off "$copies" template
