# Rejects an include that runs the wrong way: cli -> workflow -> {engine, store, catalogue, git,
# config} -> sqlite -> util. A layer may include itself and everything to its right; the five in
# the middle do not include each other. Run by check_layers.sh.

BEGIN {
  rank["util"] = 1
  rank["sqlite"] = 2
  split("engine store catalogue git config", middle, " ")
  for (i in middle) rank[middle[i]] = 3
  rank["workflow"] = 4
  rank["cli"] = 5
  rank["main"] = 6
  # Two public headers are of one layer.
  layer_of["upkeep"] = "workflow"
  # Contracts that belong to no layer; any other public header belongs to the layer of its name.
  split("error finding ids image progress", shared, " ")
  for (i in shared) is_shared[shared[i]] = 1
}

# "src/config/load.cpp" -> "config", "src/main.cpp" -> "main", "include/quemsi/x.hpp" -> "public"
FNR == 1 {
  split(substr(FILENAME, length(root) + 2), folders, "/")
  from = folders[1] == "include" ? "public" : folders[2]
  sub(/\.cpp$/, "", from)
  if (from != "public" && !(from in rank)) complain("is in no known layer: '" from "'")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
  split($0, quoted, "\"")
  check(quoted[2])
}

# What contracts expose, every layer depends on: the standard library alone.
from == "public" && /^[ \t]*#[ \t]*include[ \t]*<[^>]*[.\/]/ {
  complain("a public header includes only the standard library and public headers")
}

function check(path, parts, to) {
  split(path, parts, "/")
  to = parts[1]
  if (to == "quemsi") {
    if (from == "public") return
    to = parts[2]
    sub(/\.hpp$/, "", to)
    if (to in is_shared) return
    if (to in layer_of) to = layer_of[to]
  } else if (from == "public") {
    complain("a public header includes \"" path "\", which is none")
    return
  }
  if (!(to in rank)) {
    complain("includes \"" path "\", which is in no known layer")
  } else if (from in rank && from != to && rank[from] <= rank[to]) {
    complain(from " must not include \"" path "\"")
  }
}

function complain(message) {
  printf "%s:%d: %s\n", FILENAME, FNR, message
  wrong = 1
}

END { exit wrong }
