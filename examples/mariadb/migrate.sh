#!/bin/sh
# Runs the migrations that the schema has not had and remembers them in it: they come and go with
# the branch.
set -eu
cd "$(dirname "$0")"
sql() { mariadb --no-defaults -u app -N library "$@"; }
sql -e "CREATE TABLE IF NOT EXISTS schema_migrations(name varchar(100) PRIMARY KEY)"
for file in migrations/*.sql; do
  name=$(basename "$file" .sql)
  [ -z "$(sql -e "SELECT 1 FROM schema_migrations WHERE name = '$name'")" ] || continue
  echo "migrating: $name"
  sql <"$file"
  sql -e "INSERT INTO schema_migrations VALUES ('$name')"
done
