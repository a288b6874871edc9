#!/usr/bin/env bash
# Switches on a MariaDB server, small and large and of many tables, against dumping one state and
# loading the other, and against copying the rows on the server.
# shellcheck source=tests/bench/mariadb_lib.sh
. "$(dirname "$0")/mariadb_lib.sh"

start_server
make_schema small 1000
make_schema large "$((BENCH_MB * 2 * 500))" # twice the size of the SQLite database

# make_wide NAME TABLES: of ten rows each.
make_wide() {
  sql "" "CREATE DATABASE \`$1\`"
  local i statements=
  for ((i = 1; i <= $2; i++)); do
    statements+="CREATE TABLE t$i(id INT PRIMARY KEY, k INT); INSERT INTO t$i SELECT seq, seq FROM
      seq_1_to_10;"
  done
  sql "$1" "$statements"
}
make_wide library 100

for name in small large library; do
  follow_schema "$name"
  git switch -q -c other 2>>"$log"
  if [ "$name" = library ]; then
    sql library "UPDATE t1 SET k = 0 WHERE id = 1"
  else
    change_schema "$name"
  fi
  git switch -q main 2>>"$log"
  calm
done

# What one repository leaves to be done must not slow down the next one's switch.
enter() { calm_all small large library "$1"; }
clean_small() {
  enter small
  timed_switch clean_small "$(toggle)"
}
clean_large() {
  enter large
  timed_switch clean_large "$(toggle)"
}
clean_wide() {
  enter library
  timed_switch clean_wide "$(toggle)"
}
dirty_large() {
  enter large
  change_schema large
  timed_switch dirty_large "$(toggle)"
}
branch_off() {
  enter large
  git switch -q main 2>>"$log"
  change_schema large
  calm
  timed_switch branch_off -c "new-$RANDOM$RANDOM"
  git switch -q main 2>>"$log"
}
# What one does without: keeps what is there as a dump, and loads the other one.
by_dump() {
  mariadb-dump --no-defaults -u app --single-transaction large | zstd -q -1 -f -o "$BENCH_DIR/kept.zst"
  zstd -q -d -c "$BENCH_DIR/kept.zst" | mariadb --no-defaults -u app large
}
dump() {
  enter large
  timed dump by_dump
}
alternate 4 clean_small clean_large clean_wide dirty_large branch_off
# Or keeps it as a schema of its own, and has the other one copied back.
by_copy() {
  local i
  sql "" "CREATE DATABASE \`quemsi_by_hand\`"
  for i in 1 2 3 4 5 6 7 8; do
    sql "" "CREATE TABLE quemsi_by_hand.sbtest$i LIKE large.sbtest$i;
      INSERT INTO quemsi_by_hand.sbtest$i SELECT * FROM large.sbtest$i"
  done
}
copy() {
  enter large
  timed copy by_copy
  sql "" "DROP DATABASE quemsi_by_hand"
}
# Fewer of these, which take minutes.
declare -A kept=()
for name in "${!samples[@]}"; do kept[$name]=${samples[$name]}; done
alternate 1 dump copy
for name in "${!kept[@]}"; do samples[$name]=${kept[$name]}; done

size=$(megabytes large)
other="dump and load, $size MB"
within_ms 76 "MariaDB switch, 8 tables, $(megabytes small) MB" clean_small "$other" dump
within_ms 76 "MariaDB switch, 8 tables, $size MB" clean_large "$other" dump
within_ms 76 "MariaDB switch, 8 tables, $size MB" clean_large "\`INSERT .. SELECT\` of one state" copy
within_ms 260 "MariaDB switch, 100 tables" clean_wide "$other" dump
within_ms 76 "MariaDB switch, 8 tables, $size MB, dirty" dirty_large "$other" dump
within_ms 100 "MariaDB \`switch -c\` from a dirty branch, $size MB" branch_off "$other" dump
