#!/usr/bin/env bash
# What a second snapshot adds to the store after 1 % of the rows changed. Rows that lie together
# share pages; rows scattered at random touch most of the pieces that the store is made of.
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

stored_bytes() { git quemsi show "$1" --json | sed -n 's/.*"stored_bytes": \([0-9]*\).*/\1/p'; }

changed_pages() {
  cmp -l "$BENCH_DATA" app.db | awk '{ page[int(($1 - 1) / 4096)] } END { print length(page) }'
}

# second NAME WHERE: changes these rows of the first state, and keeps that.
second() {
  cp "$BENCH_DATA" app.db
  sqlite3 app.db "UPDATE entries SET title = upper(title) WHERE $2"
  git quemsi snapshot "$1" >>"$log" 2>&1
  settle
  share=$(calc "100 * $(stored_bytes "$1") / $first" 2)
  pages=$(calc "100 * $(changed_pages || true) / ($(stat -c %s app.db) / 4096)" 1)
  print_row "second seal, 1 % of the rows changed, $1 ($pages % of the pages)" \
    "$(stored_bytes "$1") bytes" "first seal" "$first bytes" "$share %" "<= 3 %" \
    "$(verdict "$share" 3 ' %')"
}

repository app
copy_data app.db
follow
first=$(stored_bytes main)
second contiguous "id BETWEEN $((BENCH_ROWS / 2)) AND $((BENCH_ROWS * 51 / 100))"
second scattered "id * 2654435761 % 4294967296 % 100 = 0"
