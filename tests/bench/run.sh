#!/usr/bin/env bash
# Measures git-quemsi against what one would do without it, and prints a Markdown table.
#
#   tests/bench/run.sh [--size MB] [NAMES...]
#
#   --size MB  of the big database; 400 by default
#   NAMES      checkout switch_closed switch_open first_seal second_seal switch_new catalogue
#              commits history postgres_switch postgres_seal mariadb_switch mariadb_seal
#
# Medians of several runs that alternate between the two. A budget that is missed is a fact in the
# table, never a failure. Builds a release in build/release, or takes the programs that are in
# $QUEMSI_BIN_DIR. Works in a temporary folder ($TMPDIR decides on which disk).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
# shellcheck source=tests/support/sandbox.sh
. "$top/tests/support/sandbox.sh"

size=400
while [ $# -gt 0 ]; do
  case $1 in
    --size) size=${2:?needs a number of MB} && shift ;;
    -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0" && exit ;;
    -*) echo "usage: $0 [--size MB] [NAMES...]" >&2 && exit 129 ;;
    *) break ;;
  esac
  shift
done
[ $# -gt 0 ] || set -- checkout switch_closed switch_open first_seal second_seal switch_new catalogue \
  commits history postgres_switch postgres_seal mariadb_switch mariadb_seal

bin=${QUEMSI_BIN_DIR:-}
if [ -z "$bin" ]; then
  sh "$top/tests/support/install-packages.sh" bench >&2
  sh "$top/tests/support/build-release.sh" >&2
  bin=$top/build/release/bin
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/git-quemsi-bench.XXXXXX")

# Whatever still runs in a repository would lose its files.
remove_repositories() {
  local git_dir
  for git_dir in "$folder"/runs/*/*/.git; do
    [ ! -d "$git_dir" ] || (cd "$(dirname "$git_dir")" && settle) || true
  done
  rm -rf "$folder/runs"
}
# shellcheck disable=SC2317 # the trap calls it
leave() {
  cd /
  remove_repositories
  rm -rf "$folder"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
enter_sandbox "$folder" "$bin"

# About 143 bytes a row, of text that compresses to a quarter, and an index.
rows=$((size * 7330))
make_data() {
  sqlite3 "$1" >/dev/null <<END
PRAGMA journal_mode = off;
CREATE TABLE entries(id INTEGER PRIMARY KEY, author INTEGER NOT NULL, title TEXT, body TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT $rows)
INSERT INTO entries SELECT i, i * 7919 % 5000, printf('entry %d of author %d', i, i * 7919 % 5000),
  printf('%08x lorem ipsum dolor sit amet, %08x consectetur %08x adipiscing elit %08x',
         i * 2654435761 % 4294967296, i * 2246822519 % 4294967296,
         i * 3266489917 % 4294967296, i * 668265263 % 4294967296) FROM n;
CREATE INDEX entries_by_author ON entries(author);
PRAGMA journal_mode = delete;
END
}

print_head() {
  printf '%s, SQLite %s, %s processors, %s, load %s at the beginning\n\n' "$(git --version)" \
    "$(sqlite3 --version | cut -d ' ' -f 1)" "$(nproc)" "$(stat -f -c %T "$folder")" "$(load)"
  printf '| %s | %s | %s | %s | %s | %s | %s |\n' what took against took ratio budget verdict \
    --- ---: --- ---: ---: --- ---
}

load() { cut -d ' ' -f 1 /proc/loadavg; }

export BENCH_DATA=$folder/data.db BENCH_ROWS=$rows
make_data "$BENCH_DATA"
BENCH_MB=$(($(stat -c %s "$BENCH_DATA") >> 20))
export BENCH_MB

print_head
status=0
for name; do
  export BENCH_DIR=$folder/runs/$name
  mkdir -p "$BENCH_DIR"
  echo "$name, load $(load)" >&2
  bash "$here/$name.sh" || { status=1 && echo "$name: did not work" >&2; }
  remove_repositories
done
printf '\nload %s at the end\n' "$(load)"
exit $status
