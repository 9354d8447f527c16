# Strata's part in the builder's own shell.
#
# The builder of a derivation runs unchanged, with BASH_ENV naming this file. Two things are asked of it:
#   * where the builder is about to call `genericBuild`, stop, and tell which phases it would run (mode "setup");
#   * when the shell ends, whatever the reason, write down its state, so that the next phase or a person can go on there.
# Later phases source this file from phase.bash (mode "phase").
#
# All names begin with __strata_ and are left out of the state. /.strata is the directory shared with the engine:
#   mode                "setup", "whole" (a builder without phases), "phase" or "shell"
#   state               written at the end; read by src-main/phases/shell-state.ts
#   state-at-failure    the same with the local variables of the functions an error happened in
#   report              how the phase ended; read by src-main/phases/phase-report.ts
#   hold                a FIFO, where a failed phase is to be held
# Programs cannot be relied on: PATH may be empty. Everything here is bash, of 4.4 or newer, without readline. Files are
# written with `>|`, as the builder may have forbidden to overwrite any (`set -C`).

# Children inherit the environment, and would run this file too.
unset BASH_ENV

# Only the builder's own shell counts: it is process 1 of its namespace, where it is a shell at all. A person's shell
# (shell.bash) says so itself.
if [[ -d /.strata && ($BASHPID == 1 || -n ${__strata_shell-}) ]]; then

IFS= read -r -d '' __strata_mode < /.strata/mode || :
__strata_exit_trap=
__strata_completed=
__strata_error_status=
__strata_options=

# Puts what a builtin prints into __strata_said. A command substitution would do, at the price of a process.
__strata_say() {
  "$@" >| /.strata/said
  IFS= read -r -d '' __strata_said < /.strata/said || :
}

# Writes the state to a file in /.strata: texts that end in NUL, in the order shell-state.ts reads them.
__strata_dump() {
  local __strata_name __strata_umask __strata_said __strata_file=$1
  set -- "${__strata_arguments[@]}"
  [[ -n $__strata_options ]] || __strata_keep_options
  __strata_say umask
  __strata_umask=${__strata_said%$'\n'}
  declare -F >| /.strata/said
  {
    printf 'strata-state 1\0'
    printf '%s\0' "$BASH" "$BASH_VERSION" "$PWD" "$__strata_umask"
    declare -p; printf '\0'
    shopt -p; printf '\0'
    printf '%s\0' "$__strata_options"
    builtin trap -p; printf '\0'
    printf '%s\0' "$__strata_exit_trap"
    alias -p; printf '\0'
    printf '%s\0' "$0" "$#" "$@"
    # One by one: in the text of all of them no line tells for certain where one ends.
    while IFS= read -r __strata_name; do
      __strata_name=${__strata_name#declare -* }
      declare -f -- "$__strata_name"; printf '\0'
      declare -Fp -- "$__strata_name"; printf '\0'
    done < /.strata/said
    printf 'end\0'
  } >| "/.strata/$__strata_file"
}

# Whether the text after a line of a script, and the line itself beside its first command, says nothing more.
__strata_is_last_line() {
  local file=$1 number=$2 text i
  [[ -f $file ]] || return 1
  local -a lines
  mapfile -t lines < "$file"
  text=${lines[number - 1]}
  [[ $text =~ ^[[:space:]]*(genericBuild|source\ [^\;\&\|]*|\.\ [^\;\&\|]*)[[:space:]]*(#.*)?$ ]] || return 1
  for (( i = number; i < ${#lines[@]}; i++ )); do
    [[ ${lines[i]} =~ ^[[:space:]]*(#.*)?$ ]] || return 1
  done
}

# Whether the builder ends with this call of genericBuild: then what is left to do is the phases and nothing else.
__strata_ends_here() {
  local i=1
  if [[ -n ${BASH_EXECUTION_STRING-} ]]; then
    [[ $BASH_EXECUTION_STRING =~ genericBuild[[:space:]]*$ ]] || return 1
  fi
  while [[ -n ${FUNCNAME[i + 1]-} ]]; do
    case ${FUNCNAME[i + 1]} in
      source | main) __strata_is_last_line "${BASH_SOURCE[i + 1]}" "${BASH_LINENO[i]}" || return 1 ;;
      *) return 1 ;;
    esac
    (( i += 1 ))
  done
}

# Reached in the setup process, instead of the first phase or of `genericBuild` itself.
__strata_stop_before_phases() {
  local how=$1
  shift
  __strata_stop_watching
  builtin trap - EXIT
  {
    printf 'strata-report 1\0'
    printf 'phases\0%s\0' "$how"
    (( $# == 0 )) || printf 'phase\0%s\0' "$@"
    printf 'end\0'
  } >| /.strata/report
  __strata_dump state
  builtin exit 0
}

# Called by the DEBUG trap in front of `genericBuild`.
__strata_take_over() {
  builtin trap - DEBUG
  set +T
  if ! __strata_ends_here; then
    printf 'whole' >| /.strata/mode
    __strata_mode=whole
    return 0
  fi
  if [[ -f ${buildCommandPath:-} || -n ${buildCommand:-} ]]; then
    __strata_stop_before_phases command build
  elif declare -F runPhase > /dev/null; then
    # genericBuild itself makes the list, whatever the stdenv; it is stopped at its first phase.
    local definition
    definition=$(declare -f runPhase)
    eval "__strata_stdenv_run_phase ${definition#runPhase }"
    runPhase() {
      local definition
      definition=$(declare -f __strata_stdenv_run_phase)
      eval "runPhase ${definition#__strata_stdenv_run_phase }"
      unset -f __strata_stdenv_run_phase
      # shellcheck disable=SC2154,SC2068 # as genericBuild splits it
      __strata_stop_before_phases phases ${phases[@]}
    }
  else
    # A stdenv from before runPhase: the list is the one its genericBuild composes.
    if [[ -z ${phases-} ]]; then
      phases="${prePhases-} unpackPhase patchPhase ${preConfigurePhases-} configurePhase \
        ${preBuildPhases-} buildPhase checkPhase ${preInstallPhases-} installPhase \
        ${preFixupPhases-} fixupPhase installCheckPhase ${preDistPhases-} distPhase ${postPhases-}"
    fi
    # shellcheck disable=SC2086
    __strata_stop_before_phases phases $phases
  fi
}

# Names processes that would outlive the phase: they end with it, as in Nix, and people wonder why.
__strata_name_leftovers() {
  local directory name line pid state
  for directory in /proc/[0-9]*; do
    pid=${directory#/proc/}
    [[ $pid != 1 && $pid != "$BASHPID" ]] || continue
    line=
    { read -r line < "$directory/stat"; } 2> /dev/null || continue
    name=${line#*\(}
    name=${name%\)*}
    state=${line##*\) }
    [[ ${state:0:1} != Z ]] || continue
    printf 'strata: stopped %s (process %s), which was still running when the phase ended\n' \
      "$name" "$pid" >&2
  done
}

__strata_report() {
  local status=$1 command=$2 i
  {
    printf 'strata-report 1\0'
    printf 'status\0%s\0' "$status"
    printf 'completed\0%s\0' "$__strata_completed"
    if (( status != 0 )); then
      printf 'command\0%s\0' "$command"
      # Frame 0 and 1 are this function and the trap's.
      for (( i = 2; i < ${#FUNCNAME[@]}; i++ )); do printf 'frame\0%s\0' "${FUNCNAME[i]}"; done
    fi
    printf 'end\0'
  } >| /.strata/report
}

__strata_set_status() {
  return "$1"
}

# Ends what we watch the builder's shell with, so that none of it is taken for the builder's state, and keeps the
# options as the builder had them: what follows must not end at an error.
__strata_stop_watching() {
  builtin trap - DEBUG ERR
  set +ET
  __strata_keep_options
  set +e
}

__strata_keep_options() {
  local __strata_said
  __strata_say set +o
  __strata_options=${__strata_said%$'\n'}
}

# The ERR trap. Where an error is about to end the shell, the functions it happened in still have their local variables
# and BASH_COMMAND still is the command that failed; at EXIT both are gone.
__strata_on_error() {
  local __strata_status=$? __strata_command=$1
  [[ $- == *e* && $BASHPID == $$ ]] || return 0
  __strata_stop_watching
  __strata_error_status=$__strata_status
  __strata_report "$__strata_status" "$__strata_command"
  __strata_dump state-at-failure
  set -e
}

# Begins to watch for the error that ends the shell; errtrace lets the trap see into functions. A builder that has an ERR
# trap keeps its own.
__strata_watch_errors() {
  local __strata_said
  __strata_say builtin trap -p ERR
  [[ -z $__strata_said ]] || return 0
  set -E
  builtin trap '__strata_on_error "$BASH_COMMAND"' ERR
}

# The EXIT trap of the builder's shell; the builder's own runs after it.
__strata_on_exit() {
  local __strata_status=$? __strata_command=$BASH_COMMAND __strata_answer
  __strata_stop_watching
  # Errors after the one that ended the shell, in a failure hook for example, are not the cause.
  if [[ $__strata_error_status != "$__strata_status" ]]; then
    __strata_report "$__strata_status" "$__strata_command"
  fi
  __strata_dump state
  if (( __strata_status != 0 )) && [[ -p /.strata/hold ]]; then
    : >| /.strata/held
    # Opening waits for the engine's answer, without a program.
    IFS= read -r __strata_answer < /.strata/hold
    if [[ $__strata_answer == continue ]]; then
      printf 'continue' >| /.strata/answer
      builtin exit 0
    fi
  fi
  if [[ -n $__strata_exit_trap && $__strata_mode != shell ]]; then
    __strata_set_status "$__strata_status"
    eval "$__strata_exit_trap"
  fi
  [[ $__strata_mode == shell ]] || __strata_name_leftovers
}

# Keeps ours the EXIT trap of this shell, and what the builder sets beside it.
trap() {
  builtin trap "$@" || return
  [[ $BASHPID == $$ ]] || return 0
  local now
  now=$(builtin trap -p EXIT)
  [[ $now != "trap -- '__strata_on_exit' EXIT" ]] || return 0
  # `trap -p` quotes for the shell: the second word is the command.
  local -a words
  eval "words=($now)"
  __strata_exit_trap=${words[2]-}
  builtin trap __strata_on_exit EXIT
}

__strata_arguments=("$@")
builtin trap __strata_on_exit EXIT
if [[ $__strata_mode == setup || $__strata_mode == whole ]]; then __strata_watch_errors; fi
if [[ $__strata_mode == setup ]]; then
  # With functrace the trap reaches into sourced files, where the builder calls genericBuild as a rule.
  set -T
  builtin trap '[[ $BASH_COMMAND == genericBuild && $BASHPID == $$ ]] && __strata_take_over' DEBUG
fi

fi
