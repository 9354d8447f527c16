# Opens a shell in a paused build: enter.bash PID START. START is when the process began (proc(5), field 22 of
# /proc/PID/stat), since its number may be another's by now.
#
# Started by root, or by whom the build runs as. What is read from the build is never run outside it: its variables are
# handed on as arguments, and the shell that takes them over is the build's user's by then, in the build's namespaces.
# Exit status: the shell's; 3 where the build has ended, 4 where it cannot be entered.

pid=$1
start=$2

say() { printf 'strata: %s\n' "$1" >&2; }

startOf() {
  local stat
  stat=$(cat "/proc/$1/stat" 2> /dev/null) || return
  # The second field is the program's name in parentheses and may hold spaces and parentheses itself.
  read -r -a stat <<< "${stat##*) }"
  printf '%s' "${stat[19]}"
}

# statusOf PID FIELD: the first value of a field of /proc/PID/status.
statusOf() { awk -v field="$2:" '$1 == field { print $2 }' "/proc/$1/status" 2> /dev/null; }

# inside MAP ID: what an id of this namespace is in that of the map.
inside() { awk -v id="$2" 'id >= $2 && id < $2 + $3 { print $1 + id - $2; exit }' "$1"; }

if [[ $(startOf "$pid") != "$start" ]]; then
  say 'the build has ended; there is nothing to enter'
  exit 3
fi
if ! readlink "/proc/$pid/ns/mnt" > /dev/null; then
  say "process $pid is another user's: entering it takes root"
  exit 4
fi

namespaces=()
for entry in user:--user mnt:--mount pid:--pid net:--net ipc:--ipc uts:--uts cgroup:--cgroup; do
  name=${entry%%:*}
  # Quoted, as the right side would be a pattern otherwise: the names have brackets.
  if [[ $(readlink "/proc/$pid/ns/$name") != "$(readlink "/proc/self/ns/$name")" ]]; then
    namespaces+=("${entry#*:}")
  fi
done

uid=$(statusOf "$pid" Uid)
gid=$(statusOf "$pid" Gid)
if [[ $uid == "$(id -u)" && $gid == "$(id -g)" ]]; then
  identity=(--preserve-credentials)
else
  if [[ ${namespaces[0]:-} == --user ]]; then
    uid=$(inside "/proc/$pid/uid_map" "$uid")
    gid=$(inside "/proc/$pid/gid_map" "$gid")
  fi
  identity=(--setuid "$uid" --setgid "$gid")
fi

# The build's own bash, which is among its ancestors: that of a person who started Nix is one too, and need not exist there.
shell=/bin/sh
ancestor=$pid
while ((ancestor > 1)) && [[ $(readlink "/proc/$ancestor/ns/mnt") == "$(readlink "/proc/$pid/ns/mnt")" ]]; do
  program=$(readlink "/proc/$ancestor/exe") || break
  if [[ ${program##*/} == bash ]]; then
    shell=$program
    break
  fi
  ancestor=$(statusOf "$ancestor" PPid)
done

variables=()
while IFS= read -r -d '' entry; do
  # A shell has no other names; exported functions are among those it has not.
  if [[ $entry =~ ^[A-Za-z_][A-Za-z0-9_]*= ]]; then variables+=("$entry"); fi
done < "/proc/$pid/environ"

if [[ $shell == /bin/sh ]]; then
  # shellcheck disable=SC2016 # it is the shell inside that expands them
  begin='shift; for variable; do export "$variable"; done; exec /bin/sh -i'
else
  # shellcheck disable=SC2016 # it is the shell inside that expands them
  begin='
    rc=$1; shift
    for variable; do export "$variable"; done 2> /dev/null
    exec "$0" --noprofile --rcfile <(printf "%s\n" "$rc") -i'
fi

# Not even the person's own variables: what is preloaded by name must not be found in the build. The end of the build kills
# the shell, and bash says so to its own standard error: whoever started this says it in words.
{
  env -i "PATH=$PATH" "TERM=${TERM:-dumb}" \
    nsenter --target "$pid" "${namespaces[@]}" "${identity[@]}" --wd -- \
    "$shell" -c "$begin" "$shell" "$(cat "${BASH_SOURCE[0]%/*}/shell.bash")" "${variables[@]}" 2>&3
  status=$?
} 3>&2 2> /dev/null
exit "$status"
