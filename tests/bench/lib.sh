# Sourced by every benchmark. run.sh has entered the sandbox and sets BENCH_DIR (a folder of this
# benchmark's own), BENCH_DATA (the database of BENCH_ROWS rows) and BENCH_MB (its size).
# shellcheck shell=bash
set -euo pipefail
# shellcheck source=tests/support/sandbox.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support/sandbox.sh"

declare -A samples=() # microseconds by name
log=$BENCH_DIR/log

# ---- measuring ----

# timed NAME COMMAND...: runs it and remembers how long it took.
timed() {
  local name=$1 begin
  shift
  begin=${EPOCHREALTIME/[.,]/}
  "$@" >>"$log" 2>&1 </dev/null || fail "this failed: $*"
  samples[$name]="${samples[$name]:-} $((${EPOCHREALTIME/[.,]/} - begin))"
}

# timed_switch NAME ARGUMENTS...: a `git switch` after which the database must have followed.
timed_switch() {
  timed "$1" git switch -q "${@:2}"
  local branch
  branch=$(git branch --show-current)
  git quemsi status --porcelain | grep -qx "owner $branch" ||
    fail "the database did not follow to $branch"
}

# alternate ROUNDS FUNCTION...: calls them by turns. A function prepares, and measures with `timed`
# under its own name. One more turn before the others warms up and does not count.
alternate() {
  local rounds=$1 round name
  shift
  for ((round = 0; round <= rounds; round++)); do
    for name in "$@"; do "$name"; done
    [ "$round" -gt 0 ] || samples=()
  done
}

# calm: nothing of ours runs any more, and what was written is on the disk.
calm() {
  settle
  sync
}

# calm_all NAMES...: the same of several repositories, which share a server; ends in the last one.
calm_all() {
  local name
  for name; do cd "$BENCH_DIR/$name" && calm; done
}

# median NAME: in ms.
median() {
  # shellcheck disable=SC2086 # a list of numbers
  printf '%s\n' ${samples[$1]} | sort -n |
    awk '{ v[NR] = $1 } END { printf "%.1f", (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2000 }'
}

fail() {
  echo "$1" >&2
  [ ! -f "$log" ] || tail -n 20 "$log" >&2
  exit 1
}

# ---- the table ----

# calc EXPRESSION
calc() { awk "BEGIN { printf \"%.${2:-1}f\", $1 }"; }

# verdict VALUE LIMIT UNIT: a fact, never a failure.
verdict() {
  awk -v value="$1" -v limit="$2" -v unit="$3" 'BEGIN {
    if (value <= limit) print "met"; else printf "missed by %.3g%s\n", value - limit, unit }'
}

print_row() { printf '| %s | %s | %s | %s | %s | %s | %s |\n' "$@"; }

# compare WHAT NAME AGAINST OTHER [BUDGET VERDICT]: medians of two names that were measured.
compare() {
  local ours theirs
  ours=$(median "$2") theirs=$(median "$4")
  print_row "$1" "$ours ms" "$3" "$theirs ms" "$(calc "$ours / $theirs" 2)x" "${5:--}" "${6:--}"
}

# within_ms LIMIT WHAT NAME AGAINST OTHER
within_ms() {
  compare "${@:2}" "<= $1 ms" "$(verdict "$(median "$3")" "$1" ' ms')"
}

# adds_at_most LIMIT WHAT NAME AGAINST OTHER
adds_at_most() {
  local added
  added=$(calc "$(median "$3") - $(median "$5")")
  compare "${@:2}" "<= $1 ms on top" "+$added ms: $(verdict "$added" "$1" ' ms')"
}

# within_ratio LIMIT WHAT NAME AGAINST OTHER
within_ratio() {
  local ratio
  ratio=$(calc "$(median "$3") / $(median "$5")" 3)
  compare "${@:2}" "<= $1x" "$(verdict "$ratio" "$1" x)"
}

# ---- repositories and databases ----

# repository NAME: a new one, entered. It has a database app.db of its own, still to be made.
repository() {
  mkdir "$BENCH_DIR/$1"
  cd "$BENCH_DIR/$1"
  git init -q
  printf '%s\n' '*.db' '*.db-*' >.gitignore
  git add .gitignore
  git commit -q -m "Begin"
}

# follow: the database in the current repository follows the branch from here on.
follow() {
  git quemsi init --yes --url sqlite:app.db >>"$log" 2>&1
  git add .quemsi.yml
  git commit -q -m "Follow"
  calm
}

# copy_data TARGET [JOURNAL_MODE]: the big database.
copy_data() {
  cp "$BENCH_DATA" "$1"
  sqlite3 "$1" "PRAGMA journal_mode = ${2:-delete}" >>"$log"
}

# change: one row.
change() { sqlite3 app.db "UPDATE entries SET author = author + 1 WHERE id = 1000"; }

# other_branch: where `toggle` switches to and fro; its database differs in one row.
other_branch() {
  git switch -q -c other 2>>"$log"
  change
  git switch -q main 2>>"$log"
  calm
}

# toggle: the argument for `git switch` to get to the other one of the two branches.
toggle() { [ "$(git branch --show-current)" = main ] && echo other || echo main; }

# hold_open DATABASE: an application keeps a connection to it until the end.
hold_open() {
  local pipe=$1.pipe
  mkfifo "$pipe"
  sqlite3 "$1" <"$pipe" >"$1.answers" 2>&1 &
  exec {holder}>"$pipe"
  echo "SELECT 'opened', count(*) FROM sqlite_schema;" >&"$holder"
  until grep -q opened "$1.answers"; do sleep 0.01; done
}
