#!/bin/sh
# Installs husky and lefthook from npm into build/hook-managers, once.
set -eu
cd "$(dirname "$0")/../.."

folder=build/hook-managers
husky=9.1.7
lefthook=1.13.6

if [ -x "$folder/node_modules/.bin/husky" ] && [ -x "$folder/node_modules/.bin/lefthook" ]; then
  exit 0
fi
if ! command -v npm >/dev/null; then
  sudo=
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  echo "installing: npm"
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm >/dev/null
fi
mkdir -p "$folder"
# lefthook would install its hooks into this very repository.
npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error \
  "husky@$husky" "lefthook@$lefthook" >"$folder/install.log" 2>&1 ||
  { cat "$folder/install.log" >&2; exit 1; }
