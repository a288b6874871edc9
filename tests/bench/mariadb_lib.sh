# Sourced by the MariaDB benchmarks: a server of their own.
# shellcheck shell=bash
# shellcheck source=tests/bench/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/support/mariadb.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support/mariadb.sh"

start_server() {
  chmod o+x "$HOME/.." "$BENCH_DIR/.." "$BENCH_DIR"
  # Its data lie in our folder, which is removed.
  trap 'stop_mariadb "$BENCH_DIR/server"' EXIT
  start_mariadb "$BENCH_DIR/server" --innodb-buffer-pool-size=1G --innodb-log-file-size=512M
}

sql() { mariadb --no-defaults --batch --skip-column-names -u app "$1" -e "$2"; }

# make_schema NAME ROWS: eight tables of sysbench's kind, about 200 bytes a row, no two alike.
make_schema() {
  sql "" "CREATE DATABASE \`$1\`"
  local i
  for i in 1 2 3 4 5 6 7 8; do
    sql "$1" "CREATE TABLE sbtest$i(id INT PRIMARY KEY, k INT NOT NULL, c CHAR(120), pad CHAR(60),
      KEY k_$i(k)); SET unique_checks = 0;
      INSERT INTO sbtest$i SELECT seq, seq * 7919 % 100003, CONCAT_WS('-', MD5(CONCAT($i, 'a', seq)),
      MD5(CONCAT($i, 'b', seq)), MD5(CONCAT($i, 'c', seq))), MD5(CONCAT($i, 'd', seq))
      FROM seq_1_to_$2"
  done
}

megabytes() {
  sql "$1" "SELECT SUM(data_length + index_length) DIV 1048576 FROM information_schema.tables
    WHERE table_schema = '$1'"
}

follow_schema() {
  repository "$1"
  git quemsi init --yes --url "mysql://app@localhost/$1?socket=$MYSQL_UNIX_PORT" >>"$log" 2>&1
  git add .quemsi.yml
  git commit -q -m "Follow"
  calm
}

change_schema() { sql "$1" "UPDATE sbtest1 SET k = k + 1 WHERE id = 100"; }
