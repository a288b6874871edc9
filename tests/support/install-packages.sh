#!/bin/sh
# Installs the Debian packages that are missing: install-packages.sh build|tests|bench
set -eu

build="g++ cmake ninja-build pkg-config git sqlite3 libgit2-dev libsqlite3-dev libyaml-cpp-dev
libzstd-dev libssl-dev libfmt-dev libcli11-dev nlohmann-json3-dev libxxhash-dev libpq-dev
default-libmysqlclient-dev"
tests="$build libgtest-dev libgmock-dev ccache zstd bash zsh man-db e2fsprogs mount procps
postgresql postgresql-client postgresql-15-cron mariadb-server mariadb-client pre-commit clang
libclang-rt-14-dev openssl"
bench="$tests mydumper"

case "${1:-}" in
  build) wanted=$build ;;
  tests) wanted=$tests ;;
  bench) wanted=$bench ;;
  *) echo "usage: $0 build|tests|bench" >&2; exit 129 ;;
esac

missing=
for package in $wanted; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
    missing="$missing $package"
done
[ -n "$missing" ] || exit 0

sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo
echo "installing:$missing"
$sudo apt-get update -qq
# shellcheck disable=SC2086 # a list of words
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
  >/dev/null
