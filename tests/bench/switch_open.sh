#!/usr/bin/env bash
# A switch while an application holds the database open; a peer, held open as well, is restored by
# sqlite3. The state that is left is kept already, so that neither has to save it.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

clean() {
  calm
  timed_switch clean "$(toggle)"
}
restore() {
  calm
  timed restore sqlite3 peer.db ".restore $BENCH_DATA"
}

for mode in wal delete; do
  repository "$mode"
  copy_data app.db "$mode"
  copy_data peer.db "$mode"
  follow
  other_branch
  hold_open app.db
  hold_open peer.db
  alternate 3 clean restore
  within_ratio 1.2 "switch, $BENCH_MB MB, open, $mode mode, clean" clean \
    "\`sqlite3 .restore\`" restore
done
