#!/bin/sh
# Runs the migrations that the database has not had, each in a transaction, and remembers them in
# the database: they come and go with the branch.
set -eu
cd "$(dirname "$0")"
psql -q -v ON_ERROR_STOP=1 -c "CREATE TABLE IF NOT EXISTS schema_migrations(name text PRIMARY KEY)" 2>/dev/null
for file in migrations/*.sql; do
  name=$(basename "$file" .sql)
  [ -z "$(psql -qAt -c "SELECT 1 FROM schema_migrations WHERE name = '$name'")" ] || continue
  echo "migrating: $name"
  psql -q -1 -v ON_ERROR_STOP=1 -f "$file" \
    -c "INSERT INTO schema_migrations VALUES ('$name')"
done
