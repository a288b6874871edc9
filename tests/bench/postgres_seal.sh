#!/usr/bin/env bash
# What PostgreSQL's own tools are compared with: a first snapshot, a second one, and back again.
# shellcheck source=tests/bench/postgres_lib.sh
. "$(dirname "$0")/postgres_lib.sh"

scale=$((BENCH_MB > 15 ? BENCH_MB * 2 / 15 : 2)) # twice the size of the SQLite database
start_server
make_database large "$scale"

stored_bytes() { git quemsi show "$1" --json | sed -n 's/.*"stored_bytes": \([0-9]*\).*/\1/p'; }

begin() {
  cd "$BENCH_DIR" && rm -rf large
  repository large
  printf 'version: 1\ndatabases:\n  app: postgresql://app@/large?host=%s\n' "$PGHOST" >.quemsi.yml
  git quemsi install >>"$log" 2>&1
  calm
}
seal() {
  begin
  timed seal /usr/bin/time -f %M -o "$BENCH_DIR/peak" git quemsi snapshot first
  calm
}
dump() {
  rm -rf "$BENCH_DIR/dump"
  sync
  timed dump pg_dump -Fd -j2 -f "$BENCH_DIR/dump" large
}
alternate 2 seal dump

first=$(stored_bytes first)
sql large "UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid <= (SELECT max(aid) FROM pgbench_accounts) / 100"
git quemsi snapshot second >>"$log"
calm
second=$(stored_bytes second)

size=$(megabytes large)
within_seal() {
  local ratio
  ratio=$(calc "$(median "$3") / $(median "$2")" 2)
  compare "$1" "$2" "$4" "$3" ">= 1.5x faster" \
    "${ratio}x faster: $(awk -v r="$ratio" 'BEGIN { print (r >= 1.5 ? "met" : "missed") }')"
}
within_seal "PostgreSQL seal, $size MB" seal dump "\`pg_dump -Fd -j2\`"
print_row "its peak memory" "$(calc "$(cat "$BENCH_DIR/peak") / 1024" 0) MB" - - - "<= 200 MB" \
  "$(verdict "$(calc "$(cat "$BENCH_DIR/peak") / 1024" 0)" 200 ' MB')"
print_row "PostgreSQL second seal, 1 % of the rows changed" "$second bytes" "first seal" \
  "$first bytes" "$(calc "100 * $second / $first" 2) %" "<= 3 %" \
  "$(verdict "$(calc "100 * $second / $first" 2)" 3 %)"

materialise() {
  sync
  timed materialise git quemsi restore first --temp
  git quemsi temp drop "$(git quemsi temp list | awk '{ print $1 }')" >>"$log"
}
load_dump() {
  createdb loaded
  sync
  timed load pg_restore -j2 -d loaded "$BENCH_DIR/dump"
  dropdb loaded
}
# Only what the store holds: nothing is kept ready.
git config quemsi.warm 0
git config quemsi.parkedBudget 0
git quemsi snapshot third >>"$log"
calm
alternate 2 materialise load_dump
within_seal "PostgreSQL materialise, $size MB" materialise load "\`pg_restore -j2\`"
