# Sourced by the examples: shows what a person would type, runs it and checks what comes of it.
# shellcheck shell=bash

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
else
  bold='' dim='' green='' red='' plain=''
fi

proofs=0

chapter() { printf '\n%s--- %s ---%s\n\n' "$bold" "$1" "$plain"; }

# tell LINE...: a paragraph.
tell() { printf '\n' && printf '%s\n' "$@" && printf '\n'; }

fail() {
  printf '\n%sFAILED:%s %s\n' "$red" "$plain" "$1" >&2
  exit 1
}

# type_in COMMAND: shows it, runs it, says how long it took (in $took, too).
type_in() {
  local begin=${EPOCHREALTIME/[.,]/} status=0
  printf '%s$ %s%s\n' "$bold" "$1" "$plain"
  eval "$1" </dev/null 2>&1 || status=$?
  took=$(((${EPOCHREALTIME/[.,]/} - begin) / 1000))
  printf '%s  %s ms%s\n' "$dim" "$took" "$plain"
  return $status
}

step() { type_in "$1" || fail "this should have worked: $1"; }

# claim WHAT COMMAND: the command succeeds only if WHAT is true.
claim() {
  type_in "$2" || fail "it is not true that $1"
  printf '%s  proved: %s%s\n' "$green" "$1" "$plain"
  proofs=$((proofs + 1))
}

# claim_same WHAT DATABASE FILE: an SQLite database has the schema and the rows of a dump.
claim_same() { claim "$1" "sqlite3 $2 .dump | diff $3 - && echo identical"; }
