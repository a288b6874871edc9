# Sourced by bash scripts that need a MariaDB server of their own.
# shellcheck shell=bash

# as_mariadb COMMAND...: the server refuses to run as root.
as_mariadb() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u mysql -- "$@"; else "$@"; fi
}

# shellcheck disable=SC2016 # the backticks are SQL's
# start_mariadb FOLDER OPTIONS...: a new server that listens on a socket in FOLDER, which is made
# and must not have spaces in its name; the user `app` has all privileges on `library`, `small`,
# `large` and on parked copies. Exports what its clients need.
start_mariadb() {
  local folder=$1
  export MYSQL_UNIX_PORT=$folder/socket PATH=/usr/sbin:$PATH
  # Servers that share a folder for temporary tables remove each other's.
  mkdir -p "$folder/tmp"
  [ "$(id -u)" -ne 0 ] || chown -R mysql "$folder"
  as_mariadb mariadb-install-db --no-defaults --datadir="$folder/data" --tmpdir="$folder/tmp" \
    --skip-test-db --auth-root-authentication-method=normal >"$folder.log" 2>&1 ||
    { cat "$folder.log" >&2 && return 1; }
  as_mariadb mariadbd --no-defaults --datadir="$folder/data" --tmpdir="$folder/tmp" \
    --socket="$folder/socket" --pid-file="$folder/pid" --skip-networking "${@:2}" \
    >>"$folder.log" 2>&1 &
  local tries=0
  until mariadb --no-defaults -u root -e 'DO 0' 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || { cat "$folder.log" >&2 && return 1; }
    sleep 0.1
  done
  mariadb --no-defaults -u root -e 'CREATE USER app@localhost;
    GRANT ALL ON `library`.* TO app@localhost; GRANT ALL ON `small`.* TO app@localhost;
    GRANT ALL ON `large`.* TO app@localhost; GRANT ALL ON `quemsi\_%`.* TO app@localhost'
}

# stop_mariadb FOLDER: at once, and for good.
stop_mariadb() {
  [ ! -f "$1/pid" ] || kill -KILL "$(cat "$1/pid")"
  rm -rf "$1"
}
