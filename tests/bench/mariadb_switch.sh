#!/usr/bin/env bash
# Switches on a MariaDB server, small and large, against dumping one state and loading the other.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/support/mariadb.sh
. "$(dirname "$0")/../support/mariadb.sh"

sql() { mariadb --no-defaults --batch --skip-column-names -u app "$1" -e "$2"; }

# make_schema NAME ROWS: eight tables of sysbench's kind, about 200 bytes a row.
make_schema() {
  sql "" "CREATE DATABASE \`$1\`"
  local i
  for i in 1 2 3 4 5 6 7 8; do
    sql "$1" "CREATE TABLE sbtest$i(id INT PRIMARY KEY, k INT NOT NULL, c CHAR(120), pad CHAR(60),
      KEY k_$i(k)); SET unique_checks = 0;
      INSERT INTO sbtest$i SELECT seq, seq * 7919 % 100003, CONCAT_WS('-', MD5(seq), MD5(-seq),
      MD5(seq * 3)), MD5(seq * 5) FROM seq_1_to_$2"
  done
}

megabytes() {
  sql "$1" "SELECT SUM(data_length + index_length) DIV 1048576 FROM information_schema.tables
    WHERE table_schema = '$1'"
}

follow_schema() {
  repository "$1"
  git quemsi init --yes --url "mysql://app@localhost/$1?socket=$MYSQL_UNIX_PORT" >>"$log" 2>&1
  git add .quemsi.yml
  git commit -q -m "Follow"
  calm
}

change_schema() { sql "$1" "UPDATE sbtest1 SET k = k + 1 WHERE id = 100"; }

chmod o+x "$HOME/.." "$BENCH_DIR/.." "$BENCH_DIR"
trap 'stop_mariadb "$BENCH_DIR/server"' EXIT
start_mariadb "$BENCH_DIR/server" --innodb-buffer-pool-size=1G --innodb-log-file-size=512M
make_schema small 1000
make_schema large "$((BENCH_MB * 2 * 500))" # twice the size of the SQLite database

for name in small large; do
  follow_schema "$name"
  git switch -q -c other 2>>"$log"
  change_schema "$name"
  git switch -q main 2>>"$log"
  calm
done

enter() {
  cd "$BENCH_DIR/$1" && calm
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
alternate 4 clean_small clean_large dirty_large branch_off
# Fewer of these, which take minutes.
declare -A kept=()
for name in "${!samples[@]}"; do kept[$name]=${samples[$name]}; done
alternate 1 dump
for name in "${!kept[@]}"; do samples[$name]=${kept[$name]}; done

size=$(megabytes large)
other="dump and load, $size MB"
within_ms 76 "MariaDB switch, 8 tables, $(megabytes small) MB" clean_small "$other" dump
within_ms 76 "MariaDB switch, 8 tables, $size MB" clean_large "$other" dump
within_ms 76 "MariaDB switch, 8 tables, $size MB, dirty" dirty_large "$other" dump
within_ms 100 "MariaDB \`switch -c\` from a dirty branch, $size MB" branch_off "$other" dump
