#!/usr/bin/env bash
# What MariaDB's own tools and mydumper are compared with: a first snapshot, a second one, and back.
# shellcheck source=tests/bench/mariadb_lib.sh
. "$(dirname "$0")/mariadb_lib.sh"

start_server
make_schema large "$((BENCH_MB * 2 * 500))" # twice the size of the SQLite database

stored_bytes() { git quemsi show "$1" --json | sed -n 's/.*"stored_bytes": \([0-9]*\).*/\1/p'; }

seal() {
  cd "$BENCH_DIR" && rm -rf large
  repository large
  printf 'version: 1\ndatabases:\n  app: "mysql://app@localhost/large?socket=%s"\n' \
    "$MYSQL_UNIX_PORT" >.quemsi.yml
  git quemsi install >>"$log" 2>&1
  calm
  timed seal /usr/bin/time -f %M -o "$BENCH_DIR/peak" git quemsi snapshot first
  calm
}
by_dump() {
  mariadb-dump --no-defaults -u app --single-transaction large |
    zstd -q -1 -T2 -f -o "$BENCH_DIR/dump.zst"
}
dump() {
  sync
  timed dump by_dump
}
by_mydumper() {
  mydumper --socket "$MYSQL_UNIX_PORT" -u root -B large -t 2 -c -o "$BENCH_DIR/mydumper"
}
many_threads() {
  rm -rf "$BENCH_DIR/mydumper"
  sync
  timed mydumper by_mydumper
}
alternate 2 seal dump many_threads

first=$(stored_bytes first)
sql large "UPDATE sbtest1 SET k = k + 1 WHERE id <= (SELECT MAX(id) * 8 / 100 FROM sbtest1)"
git quemsi snapshot second >>"$log"
calm
second=$(stored_bytes second)

size=$(megabytes large)
compare "MariaDB seal, $size MB" seal "\`mariadb-dump\`, \`zstd -1 -T2\`" dump
compare "MariaDB seal, $size MB" seal "\`mydumper -t 2 -c\`" mydumper
print_row "its peak memory" "$(calc "$(cat "$BENCH_DIR/peak") / 1024" 0) MB" - - - "<= 200 MB" \
  "$(verdict "$(calc "$(cat "$BENCH_DIR/peak") / 1024" 0)" 200 ' MB')"
print_row "MariaDB second seal, 1 % of the rows changed" "$second bytes" "first seal" \
  "$first bytes" "$(calc "100 * $second / $first" 2) %" "<= 3 %" \
  "$(verdict "$(calc "100 * $second / $first" 2)" 3 %)"

materialise() {
  sync
  timed materialise git quemsi restore first --temp
  git quemsi temp drop "$(git quemsi temp list | awk '{ print $1 }')" >>"$log"
}
by_client() { zstd -q -d -c "$BENCH_DIR/dump.zst" | mariadb --no-defaults -u app small; }
load() {
  sql "" "CREATE DATABASE small"
  sync
  timed load by_client
  sql "" "DROP DATABASE small"
}
by_myloader() {
  myloader --socket "$MYSQL_UNIX_PORT" -u root -B small -t 2 -d "$BENCH_DIR/mydumper"
}
load_with_threads() {
  sync
  timed myloader by_myloader
  sql "" "DROP DATABASE small"
}
# Only what the store holds: nothing is kept ready.
git config quemsi.warm 0
git config quemsi.parkedBudget 0
git quemsi snapshot third >>"$log"
calm
alternate 1 materialise load load_with_threads
ratio=$(calc "$(median load) / $(median materialise)" 2)
compare "MariaDB materialise, $size MB" materialise "the client loading a dump" load \
  ">= 3x faster" "${ratio}x faster: $(awk -v r="$ratio" 'BEGIN { print (r >= 3 ? "met" : "missed") }')"
compare "MariaDB materialise, $size MB" materialise "\`myloader -t 2\`" myloader
