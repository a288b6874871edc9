#!/usr/bin/env bash
# `log` and the search for the nearest link in a long history.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

commits=50000
linked=10000

repository app
sqlite3 app.db "CREATE TABLE entries(id INTEGER PRIMARY KEY); INSERT INTO entries VALUES (1)"
follow

# letters NUMBER: SQL that writes a number as our ids are written: 16 letters from k to z.
letters() {
  local sql="printf('%08x%08x', $1 * 2654435761 % 4294967296, $1)" digit
  for digit in {0..9} a b c d e f; do
    sql="replace($sql, '$digit', char(122 - $((16#$digit))))"
  done
  echo "$sql"
}

# A branch in ten is merged.
history() {
  awk -v count="$commits" -v from="$(git rev-parse main)" 'BEGIN {
    for (i = 1; i <= count; i++) {
      printf "commit refs/heads/main\nmark :%d\ncommitter A <a@b> %d +0000\ndata 10\nCommit %3d\n", \
        i, 1700000000 + i, i % 1000
      if (i == 1) printf "from %s\n", from
      else printf "from :%d\n", i - 1
      if (i % 10 == 0) printf "merge :%d\n", i - 5
      print ""
    }
    print "done"
  }' | git fast-import --quiet --done --force --export-marks=marks
}
snapshots() {
  git quemsi snapshot first >>"$log" 2>&1
  settle
  sqlite3 .git/quemsi/catalogue.db <<END
PRAGMA foreign_keys = ON;
BEGIN;
CREATE TEMP TABLE model AS SELECT s.*, i.id AS image FROM snapshot AS s
  JOIN tag AS t ON t.snapshot = s.id JOIN image AS i ON i.snapshot = s.id WHERE t.name = 'first';
CREATE TEMP TABLE new AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT $linked)
  SELECT i, $(letters i) AS id FROM n;
INSERT INTO snapshot SELECT new.id, kind, '', 'main', branch_key, NULL,
  model.id, author, created_at - 60000 * i, pending, record, record_pack FROM model, new;
INSERT INTO image SELECT new.id, new.id, position, database, engine, content, bytes, stored_bytes,
  NULL, manifest, used_at FROM image, new WHERE image.id = (SELECT image FROM model);
COMMIT;
END
  sqlite3 .git/quemsi/catalogue.db "SELECT id FROM snapshot WHERE branch = 'main'" | head -n "$linked" >ids
}
notes() {
  {
    printf 'commit refs/notes/quemsi\ncommitter A <a@b> 1700000000 +0000\ndata 0\n'
    paste -d ' ' ids <(awk -F '[: ]' -v step=$((commits / linked)) '$2 % step == 0 { print $3 }' marks) |
      awk 'NF == 2 { printf "N inline %s\ndata 27\nsnapshot: %s\n", $2, $1 }'
    echo 'done'
  } | git fast-import --quiet --done --force
}
history
snapshots
notes
git reset -q --hard
git gc -q 2>>"$log"
[ "$(git quemsi log --json | grep -c '"kind"')" -ge "$((linked / 2))" ] || fail "the links are not there"

ours() { timed ours git quemsi log; }
theirs() { timed theirs git log --oneline; }
alternate 3 ours theirs
within_ratio 3 "\`log\`, $commits commits, $linked snapshots" ours "git log --oneline" theirs
graph() { timed graph git quemsi log --graph; }
git_graph() { timed git_graph git log --oneline --graph; }
alternate 3 graph git_graph
within_ratio 3 "\`log --graph\`, the same" graph "git log --oneline --graph" git_graph
newest() { timed newest git quemsi log -n 50; }
git_newest() { timed git_newest git log --oneline -n 50; }
alternate 5 newest git_newest
within_ms 150 "\`log -n 50\`, the same" newest "git log --oneline -n 50" git_newest
