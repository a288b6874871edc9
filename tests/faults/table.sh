#!/bin/sh
# From the lines that the fault suites have added to a file, the table in docs/faults.md.
#
#   tests/faults/table.sh FILE
set -eu
printf '| operation | fault | cases | result |\n| --- | --- | ---: | --- |\n'
sort "$1" | awk -F '\t' '
  { key = $1 "\t" $2; cases[key] += $3; failed[key] += $4; total += $3; bad += $4 }
  END {
    for (key in cases) {
      split(key, part, "\t")
      printf "| %s | %s | %d | %s |\n", part[1], part[2], cases[key],
        failed[key] ? failed[key] " failed" : "ok" | "sort"
    }
    close("sort")
    printf "| all | | %d | %s |\n", total, bad ? bad " failed" : "ok"
  }'
