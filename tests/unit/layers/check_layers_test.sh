#!/bin/sh
# Shows that check_layers.sh goes red on a wrong include, and only then.
set -eu

check=$(dirname "$0")/check_layers.sh
top=$(mktemp -d "${TMPDIR:-/tmp}/quemsi layers XXXXXX")
trap 'rm -rf "$top"' EXIT
failed=0

# expect VERDICT FILE LINE: a tree that holds FILE alone, with LINE in it, is accepted or rejected.
expect() {
  rm -rf "$top/src" "$top/include"
  mkdir -p "$top/src" "$top/include" "$(dirname "$top/$2")"
  printf '#pragma once\n%s\nint x;\n' "$3" >"$top/$2"
  if output=$(sh "$check" "$top"); then verdict=accepted; else verdict=rejected; fi
  if [ "$verdict" != "$1" ]; then
    echo "$2: $3: $verdict, expected: $1"
    failed=1
  fi
  if [ "$verdict" = rejected ] && ! printf '%s' "$output" | grep -qF "$2:"; then
    echo "$2: $3: the output does not name the file: $output"
    failed=1
  fi
}

expect accepted src/config/a.cpp '#include "config/b.hpp"'
expect accepted src/config/a.cpp '#include "util/fd.hpp"'
expect accepted src/config/a.cpp '#include "quemsi/config.hpp"'
expect accepted src/config/a.cpp '#include "quemsi/ids.hpp"'
expect accepted src/config/a.cpp '#include <yaml-cpp/parser.h>'
expect accepted src/catalogue/a.cpp '#include "sqlite/connection.hpp"'
expect accepted src/engine/mysql/a.cpp '#include "engine/mysql/b.hpp"'
expect accepted src/sqlite/a.cpp '#include "util/fd.hpp"'
expect accepted src/workflow/a.cpp '#include "store/loader.hpp"'
expect accepted src/cli/commands/a.cpp '#include "quemsi/workflow.hpp"'
expect accepted src/main.cpp '#include "cli/app.hpp"'
expect accepted include/quemsi/a.hpp '#include "quemsi/engine.hpp"'
expect accepted include/quemsi/a.hpp '#include <string_view>'
expect accepted src/config/a.cpp '// #include "engine/b.hpp"'

expect rejected src/config/a.cpp '#include "engine/registry.hpp"'
expect rejected src/config/a.cpp '#include "quemsi/git.hpp"'
expect rejected src/config/a.cpp '#include "quemsi/workflow.hpp"'
expect rejected src/config/a.cpp '#include "quemsi/upkeep.hpp"'
expect rejected src/engine/sqlite/a.cpp '  #  include "store/pack.hpp"'
expect rejected src/engine/sqlite/a.hpp '#include "quemsi/store.hpp"'
expect rejected src/git/a.cpp '#include "workflow/live.hpp"'
expect rejected src/store/a.cpp '#include "cli/app.hpp"'
expect rejected src/workflow/a.cpp '#include "cli/style.hpp"'
expect rejected src/util/a.cpp '#include "sqlite/connection.hpp"'
expect rejected src/util/a.cpp '#include "quemsi/engine.hpp"'
expect rejected src/sqlite/a.cpp '#include "catalogue/schema.hpp"'
expect rejected src/config/a.cpp '#include "neighbour.hpp"'
expect rejected src/config/a.cpp '#include "../engine/registry.hpp"'
expect rejected src/novel/a.cpp 'int y;'
expect rejected include/quemsi/a.hpp '#include "util/fd.hpp"'
expect rejected include/quemsi/a.hpp '#include <nlohmann/json.hpp>'
expect rejected include/quemsi/a.hpp '#include <sqlite3.h>'

rm -rf "$top/src" "$top/include"
mkdir -p "$top/src" "$top/include"
if sh "$check" "$top" 2>/dev/null; then
  echo "an empty tree is accepted"
  failed=1
fi
exit $failed
