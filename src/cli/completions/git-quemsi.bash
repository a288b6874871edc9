# bash completion for git-quemsi: `git quemsi` through git's own completion, which calls
# _git_quemsi, and `quemsi` by itself. The program knows the candidates.

# Sets COMPREPLY from the words before the cursor and the unfinished one ($1).
__quemsi_reply () {
  local cur="$1" quote="" candidate shown
  shift
  case "$cur" in
    [\"\']*) quote="${cur:0:1}" ;;
  esac
  # Without a cut at ':' bash would repeat what stands before it.
  local skip=""
  if [[ "$COMP_WORDBREAKS" == *:* && "$cur" == *:* ]]; then
    skip="${cur%"${cur##*:}"}"
  fi
  COMPREPLY=()
  while IFS= read -r candidate; do
    if [[ -n "$quote" ]]; then
      shown="$quote$candidate"
      [[ "$shown" == "$cur"* ]] && COMPREPLY+=("$candidate")
    else
      printf -v shown '%q' "$candidate"
      [[ "$shown" == "$cur"* ]] && COMPREPLY+=("${shown#"$skip"} ")
    fi
  done < <(__quemsi_candidates "$@")
  return 0
}

# Every candidate, whatever the unfinished word is: only whether it is an option counts.
__quemsi_candidates () {
  if declare -F __git >/dev/null 2>&1; then
    __git quemsi complete "$@" 2>/dev/null
  else
    git quemsi complete "$@" 2>/dev/null
  fi
}

# Called by git's completion with its variables: words, cword, cur.
_git_quemsi () {
  local at=1
  while (( at < cword )) && [[ "${words[at]}" != quemsi ]]; do
    (( at += 1 ))
  done
  local -a before=("${words[@]:at+1:cword-at-1}")
  local start=""
  [[ "$cur" == -* ]] && start="-"
  __quemsi_reply "$cur" "${before[@]}" "$start"
}

_quemsi () {
  local cur prev words cword start=""
  if declare -F _get_comp_words_by_ref >/dev/null 2>&1; then
    _get_comp_words_by_ref -n =: cur prev words cword
  else
    words=("${COMP_WORDS[@]}") cword=$COMP_CWORD cur="${COMP_WORDS[COMP_CWORD]}"
  fi
  [[ "$cur" == -* ]] && start="-"
  __quemsi_reply "$cur" "${words[@]:1:cword-1}" "$start"
}

complete -o bashdefault -o default -o nospace -F _quemsi quemsi git-quemsi
