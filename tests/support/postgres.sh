# Sourced by bash scripts that need a PostgreSQL server of their own.
# shellcheck shell=bash

# The newest that is installed.
find_postgres() { dirname "$(find /usr/lib/postgresql -name initdb | sort -V | tail -n 1)"; }

# as_postgres COMMAND...: the server refuses to run as root.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u nobody -- "$@"; else "$@"; fi
}

# start_postgres FOLDER OPTIONS...: a new server that listens on a socket in FOLDER, which is made;
# the role `app` may create databases. Exports what its clients need.
start_postgres() {
  local folder=$1
  PATH=$(find_postgres):$PATH
  export PGHOST=$folder PGUSER=app PATH
  mkdir "$folder"
  [ "$(id -u)" -ne 0 ] || chown nobody "$folder"
  as_postgres "$(find_postgres)/initdb" -A trust -U postgres -D "$folder/data" >"$folder.log" 2>&1 ||
    { cat "$folder.log" >&2 && return 1; }
  local option options="-c listen_addresses='' -c unix_socket_directories='$folder'"
  for option in "${@:2}"; do options+=" -c $option"; done
  as_postgres "$(find_postgres)/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "$options" \
    start >>"$folder.log" || { cat "$folder.log" "$folder/log" >&2 && return 1; }
  psql -q -U postgres -d postgres -c "CREATE ROLE app LOGIN CREATEDB"
}

# stop_postgres FOLDER: at once, and for good.
stop_postgres() {
  [ ! -d "$1" ] || as_postgres "$(find_postgres)/pg_ctl" -D "$1/data" -m immediate stop >/dev/null
  rm -rf "$1"
}
