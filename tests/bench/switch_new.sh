#!/usr/bin/env bash
# A new branch from a state that has changed: nobody waits for the copy.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

begin_branch() {
  change
  calm
  branches=$((branches + 1))
  timed_switch begin_branch -c "new-$branches"
}
copy() {
  calm
  timed copy cp "$BENCH_DATA" copy.db
}

for mode in wal delete; do
  repository "$mode"
  copy_data app.db "$mode"
  follow
  branches=0
  alternate 3 begin_branch copy
  within_ms 100 "\`switch -c\` from a dirty branch, $BENCH_MB MB, $mode mode" begin_branch \
    "\`cp\`" copy
done
