#!/usr/bin/env bash
# A switch while an application holds the database open; a peer, held open as well, is restored by
# sqlite3. When the state that is left has changed, sqlite3 has to save it first.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

clean() {
  calm
  timed clean git switch -q "$(toggle)"
}
dirty() {
  change
  calm
  timed dirty git switch -q "$(toggle)"
}
restore() {
  calm
  timed restore sqlite3 peer.db ".restore $BENCH_DATA"
}
save_and_restore() {
  calm
  timed save_and_restore sqlite3 peer.db ".backup saved.db" ".restore $BENCH_DATA"
}

for mode in wal delete; do
  repository "$mode"
  copy_data app.db "$mode"
  copy_data peer.db "$mode"
  follow
  other_branch
  hold_open app.db
  hold_open peer.db
  alternate 3 clean restore dirty save_and_restore
  within_ratio 1.2 "switch, $BENCH_MB MB, open, $mode mode, clean" clean \
    "\`sqlite3 .restore\`" restore
  within_ratio 1.2 "switch, $BENCH_MB MB, open, $mode mode, dirty" dirty \
    "\`sqlite3 .backup .restore\`" save_and_restore
done
