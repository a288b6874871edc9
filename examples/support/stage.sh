# Sourced by the examples: a temporary folder with an installed git-quemsi, a home and a repository.
# shellcheck shell=bash disable=SC2154 # $top is where the example found it, $took is telling.sh's
# shellcheck source=tests/support/sandbox.sh
. "$top/tests/support/sandbox.sh"

keep=
build=

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --keep) keep=1 ;;
      --build-dir) build=$(cd "${2:?needs a folder}" && pwd) && shift ;;
      -h | --help) sed -n '2,/^set/{/shellcheck/d;/^set/d;s/^# \{0,1\}//p}' "$0" && exit ;;
      *) echo "usage: $0 [--keep] [--build-dir DIR]" >&2 && exit 129 ;;
    esac
    shift
  done
}

build_release() {
  sh "$top/tests/support/install-packages.sh" build
  build=$top/build/release
  local log=$top/build/examples.log
  mkdir -p "$top/build"
  echo "Building git-quemsi; the first time takes some minutes (log: $log)"
  sh "$top/tests/support/build-release.sh" >"$log" 2>&1 || { cat "$log" && fail "the build"; }
}

# What an example does before its folder goes; one that starts a server stops it here.
close_stage() { :; }

leave() {
  if [ -n "$keep" ] && [ -x "$folder/play" ]; then
    tell "The repository stays. To play on, in a shell that knows it:" "" "    $folder/play" "" \
      "and when you have had enough: $folder/end"
    return
  fi
  # Whatever still runs there would lose its files.
  [ ! -d "$folder/$project/.git" ] || (cd "$folder/$project" && settle) || true
  cd / && close_stage && rm -rf "$folder"
}

# write_tool NAME LINE...: a program for who plays on.
write_tool() {
  local name=$1
  shift
  { printf '#!/usr/bin/env bash\n' && printf '%s\n' "$@"; } >"$folder/$name"
  chmod +x "$folder/$name"
}

# open_stage PROJECT OPTIONS...: enters the empty repository $folder/PROJECT.
open_stage() {
  project=$1
  read_options "${@:2}"
  [ -n "$build" ] || build_release
  folder=$(mktemp -d "${TMPDIR:-/tmp}/git-quemsi-example.XXXXXX")
  trap leave EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  cmake --install "$build" --prefix "$folder/usr" >"$folder/install.log" ||
    { cat "$folder/install.log" && fail "the installation"; }
  enter_sandbox "$folder" "$folder/usr/bin"
  write_tool play ". '$top/tests/support/sandbox.sh'" "enter_sandbox '$folder' '$folder/usr/bin'" \
    "cd '$folder/$project' && exec \"\${SHELL:-bash}\""
  write_tool end "rm -rf '$folder'"
  mkdir -p "$folder/$project"
  cd "$folder/$project" || exit
  git init -q
}

# switch ARGUMENTS...: what it is all about, so remember how long it takes.
switches=
switch() {
  step "git switch $*"
  switches="${switches:+$switches, }$took"
}
