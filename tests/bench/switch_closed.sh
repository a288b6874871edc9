#!/usr/bin/env bash
# A switch when nobody has the database open.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

repository app
copy_data app.db
follow
other_branch
cp "$BENCH_DATA" ../target.db

clean() {
  calm
  timed_switch clean "$(toggle)"
}
dirty() {
  change
  calm
  timed_switch dirty "$(toggle)"
}
restore() {
  calm
  timed restore sqlite3 ../target.db ".restore $BENCH_DATA"
}
copy() {
  calm
  timed copy cp "$BENCH_DATA" ../target.db
}
alternate 3 clean restore dirty copy

for state in clean dirty; do
  within_ms 25 "switch, $BENCH_MB MB, closed, $state" "$state" "\`sqlite3 .restore\`" restore
  compare "switch, $BENCH_MB MB, closed, $state" "$state" "\`cp\`" copy
done
