#!/bin/sh
# Usage: check_layers.sh ROOT. Prints every include under ROOT that runs the wrong way; fails when
# there is one, or when there is nothing to check.
set -eu

root=$1
here=$(dirname "$0")

if ! find "$root/src" "$root/include" -name '*.[ch]pp' | grep -q .; then
  echo "$root: no sources found" >&2
  exit 2
fi
find "$root/src" "$root/include" -name '*.[ch]pp' \
  -exec awk -v root="$root" -f "$here/check_layers.awk" {} +
