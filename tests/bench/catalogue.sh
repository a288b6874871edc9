#!/usr/bin/env bash
# Commands that look, when the catalogue holds 10,000 snapshots.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

count=10000

# make_repository NAME: with one sealed snapshot, `first`.
make_repository() {
  repository "$1"
  sqlite3 app.db "CREATE TABLE entries(id INTEGER PRIMARY KEY); INSERT INTO entries VALUES (1)"
  follow
  git quemsi snapshot first >>"$log" 2>&1
  settle
}

# letters NUMBER: SQL that writes a number as our ids are written: 16 letters from k to z.
letters() {
  local sql="printf('%08x%08x', $1 * 2654435761 % 4294967296, $1)" digit
  for digit in {0..9} a b c d e f; do
    sql="replace($sql, '$digit', char(122 - $((16#$digit))))"
  done
  echo "$sql"
}

# fill: copies of `first`, as if they had been taken one a minute.
fill() {
  sqlite3 .git/quemsi/catalogue.db <<END
PRAGMA foreign_keys = ON;
BEGIN;
CREATE TEMP TABLE model AS SELECT s.*, i.id AS image FROM snapshot AS s
  JOIN tag AS t ON t.snapshot = s.id JOIN image AS i ON i.snapshot = s.id WHERE t.name = 'first';
CREATE TEMP TABLE new AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT $count)
  SELECT i, $(letters i) AS id FROM n;
INSERT INTO snapshot SELECT new.id, kind, 'state ' || i, 'feature-' || (i % 20), branch_key, commit_id,
  model.id, author, created_at - 60000 * i, pending, record, record_pack FROM model, new;
INSERT INTO tag SELECT 'tag-' || i, id FROM new WHERE i % 10 = 0;
INSERT INTO image SELECT new.id, new.id, position, database, engine, content, bytes, stored_bytes,
  NULL, manifest, used_at FROM image, new WHERE image.id = (SELECT image FROM model);
INSERT INTO image_pack SELECT new.id, pack FROM image_pack, new
  WHERE image_pack.image = (SELECT image FROM model);
COMMIT;
END
}

make_repository few
make_repository many
fill
[ "$(git quemsi list --json | grep -c '"kind"')" -ge "$count" ] || fail "the catalogue is not full"

# measure NAME ARGUMENTS...: in both repositories.
measure() {
  local name=$1
  shift
  timed "many_$name" git -C "$BENCH_DIR/many" quemsi "$@"
  timed "few_$name" git -C "$BENCH_DIR/few" quemsi "$@"
}
newest() { measure newest list -n 20; }
whole() { measure whole list; }
status() { measure status status; }
calm
alternate 10 newest whole status

within_ms 30 "\`list -n 20\`, $count snapshots" many_newest "2 snapshots" few_newest
within_ms 30 "\`list\`, $count snapshots" many_whole "2 snapshots" few_whole
within_ms 30 "\`status\`, $count snapshots" many_status "2 snapshots" few_status
