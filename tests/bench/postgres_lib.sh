# Sourced by the PostgreSQL benchmarks: a server of their own, with settings as it comes.
# shellcheck shell=bash
# shellcheck source=tests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck source=tests/support/postgres.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support/postgres.sh"

start_server() {
  chmod o+x "$HOME/.." "$BENCH_DIR/.." "$BENCH_DIR"
  # Its data lie in our folder, which is removed.
  trap 'stop_postgres "$BENCH_DIR/server"' EXIT
  start_postgres "$BENCH_DIR/server" max_wal_size=4GB
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
