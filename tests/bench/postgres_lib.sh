# Sourced by the PostgreSQL benchmarks: a server of their own, with settings as it comes.
# shellcheck shell=bash
# shellcheck source=tests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

server_bin=$(dirname "$(find /usr/lib/postgresql -name initdb | sort -V | tail -n 1)")
export PGHOST=$BENCH_DIR/server PGUSER=app PATH=$server_bin:$PATH

# as_server COMMAND...: the server refuses to run as root.
as_server() {
  if [ "$(id -u)" -eq 0 ]; then runuser -u nobody -- "$@"; else "$@"; fi
}

start_server() {
  mkdir "$PGHOST"
  [ "$(id -u)" -ne 0 ] || chown nobody "$PGHOST"
  chmod o+x "$HOME/.." "$BENCH_DIR/.." "$BENCH_DIR"
  as_server "$server_bin/initdb" -A trust -U postgres -D "$PGHOST/data" >>"$log"
  as_server "$server_bin/pg_ctl" -D "$PGHOST/data" -w -l "$PGHOST/log" -o \
    "-c listen_addresses='' -c unix_socket_directories='$PGHOST' -c max_wal_size=4GB" start >>"$log"
  # Its data lie in our folder, which is removed.
  trap 'as_server "$server_bin/pg_ctl" -D "$PGHOST/data" -m immediate stop >>"$log"' EXIT
  psql -q -U postgres -d postgres -c "CREATE ROLE app LOGIN CREATEDB"
}

sql() { psql -q -X -A -t -d "$1" -c "$2"; }

# make_database NAME SCALE: of pgbench's, about 15 MB a unit.
make_database() {
  createdb "$1"
  pgbench -q -i -s "$2" "$1" >>"$log" 2>&1
}

megabytes() { sql "$1" "SELECT pg_database_size(current_database()) >> 20"; }

# follow_database NAME: the repository of that name, entered; its database follows the branch.
follow_database() {
  repository "$1"
  git quemsi init --yes --url "postgresql://app@/$1?host=$PGHOST" >>"$log" 2>&1
  git add .quemsi.yml
  git commit -q -m "Follow"
  calm
}

# change_database NAME: one row.
change_database() {
  sql "$1" "UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = 1000"
}
