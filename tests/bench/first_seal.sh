#!/usr/bin/env bash
# The first snapshot of a database, until it is sealed.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

sealed() { git quemsi show "$1" --json | grep -q '"sealed": true'; }

snapshot_until_sealed() {
  git quemsi snapshot first
  until sealed first; do sleep 0.1; done
}
backup_and_compress() {
  sqlite3 "$BENCH_DATA" ".backup saved.db"
  zstd -q -1 -T2 saved.db
  sync saved.db.zst
}

# A repository in which nothing of the big database has been seen yet.
begin() {
  cd "$BENCH_DIR" || exit
  rm -rf app
  repository app
  sqlite3 app.db "CREATE TABLE entries(id INTEGER PRIMARY KEY, author INTEGER)"
  follow
  cp "$BENCH_DATA" app.db
  calm
}
seal() {
  begin
  timed seal snapshot_until_sealed
  settle
}
compress() {
  begin
  timed compress backup_and_compress
}
alternate 3 seal compress

compare "first seal, $BENCH_MB MB" seal "\`sqlite3 .backup\` + \`zstd -1 -T2\`" compress
