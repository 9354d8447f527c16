# Opens a shell in a paused build by the first way that leads there:
#
#     open-shell.bash PID START asked|unasked (NAME COUNT WORD…)…
#
# NAME is cntr, script or nsenter; so many words are its command. The script is only run where a person asked for it, or
# agrees here. What a way that leads nowhere said stays on the terminal.
# Exit status: the last way's, which is the shell's as a rule; 3 where the build has ended.

pid=$1
start=$2
wish=$3
shift 3

say() { printf 'strata: %s\n' "$1" >&2; }

isThere() {
  local stat
  stat=$(cat "/proc/$pid/stat" 2> /dev/null) || return
  read -r -a stat <<< "${stat##*) }"
  [[ ${stat[19]} == "$start" ]]
}

errors=$(mktemp) || exit
trap 'rm -f "$errors"' EXIT
# With job control each way gets the terminal, and it is taken back from what a build that ended has left it to.
if [[ -t 0 ]]; then set -m; fi

# Runs a way; false where it led nowhere, and `status` is its status otherwise.
takes() {
  local -r name=$1
  shift
  local -r began=${EPOCHREALTIME/[.,]/}
  if [[ $name == cntr ]]; then
    # Its shell has a terminal of its own: what comes here is cntr's.
    "$@" 2> "$errors"
    status=$?
    cat "$errors" >&2
    if ((status == 0)) || [[ ! -s $errors ]]; then return 0; fi
    if grep -qi 'file descriptor limit' "$errors"; then
      say 'this machine does not let cntr 1.x raise the limit of open files, which it wants to do'
    fi
    return 1
  fi
  "$@"
  status=$?
  # Nobody looks around in less than a second and leaves with a failure.
  ((status == 0 || ${EPOCHREALTIME/[.,]/} - began > 1000000))
}

ended() {
  say "$1"
  exit 3
}

# The script is that of the target's own package set, and runs outside the build: whoever wrote the target may have written
# it too. No other way runs anything of theirs out here.
agrees() {
  local answer
  if [[ ! -t 0 ]]; then
    say "$1 is left out: it comes with the target's package set, runs outside the build, and nobody is here to agree"
    return 1
  fi
  say "$1 comes with the target's package set, and runs outside the build with your rights or root's"
  read -r -p 'Run it? Where you do not, the build is entered without it. [y/N] ' answer
  [[ $answer == [yY]* ]]
}

status=1
while (($# > 0)); do
  name=$1
  way=("${@:3:$2}")
  shift $(($2 + 2))
  isThere || ended 'the build has ended; there is nothing to enter'
  if [[ $name == script && $wish == unasked ]] && ! agrees "${way[*]}"; then continue; fi
  say "entering the build by $name: ${way[*]}"
  if takes "$name" "${way[@]}"; then
    # Its end kills the shell a moment before it is gone itself.
    if ((status > 128)); then sleep 0.3; fi
    isThere || ended 'the build has ended, and the shell with it'
    exit "$status"
  fi
  if (($# > 0)); then say "$name leads nowhere here; the next way"; fi
done
isThere || ended 'the build has ended meanwhile'
exit "$status"
