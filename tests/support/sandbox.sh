# Sourced by bash scripts that play with git-quemsi.
# shellcheck shell=bash

# enter_sandbox FOLDER BIN_DIR: from here on nothing of the user's is read or changed. git has a
# home of its own in FOLDER, and finds the git-quemsi that lies in BIN_DIR.
enter_sandbox() {
  local name
  for name in "${!GIT_@}" "${!QUEMSI_@}"; do unset "$name"; done
  unset DATABASE_URL XDG_CONFIG_HOME
  export HOME=$1/home PATH=$2:$PATH GIT_CONFIG_NOSYSTEM=1
  mkdir -p "$HOME"
  git config --global user.name "Ada Lovelace"
  git config --global user.email ada@example.com
  git config --global init.defaultBranch main
  git config --global core.pager cat
}

# settle: waits until nothing goes on in the background of the repository in the current folder.
settle() {
  local deadline=$((SECONDS + 120))
  until git quemsi status --porcelain | grep -qx 'background 0'; do
    if [ $SECONDS -ge $deadline ]; then
      echo "the background work does not end:" >&2
      git quemsi status >&2
      return 1
    fi
    sleep 0.05
  done
}
