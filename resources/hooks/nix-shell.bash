# `strata nix-shell`: the environment of a derivation outside the sandbox, with its phases runnable one by one.
#
# The start file of an interactive bash, or the beginning of the script of one command. The directory of this file is that of
# one shell, and holds
#   keep          where it is there, PATH goes on with the caller's own (an impure shell)
#   caller-path   the caller's PATH
#   given         the names of what a builder finds in its build directory, one a line
#   greeting      printed first, where it is there
#   list          where it is there, the phases are listed below the greeting
#   phases        the phases, one a line, with "-" before those that the build passes over; written here
#   phase         the one that runs; written here
#   now           what the terminal is at: "prompt", "continued" (the rest of a command is waited for) or "command"; written here
#   asked         the command that a front asks for before it types the keys that run it
# The directory above is for all shells of this place:
#   ran           the phases that were run, one a line with its exit status, the last run last
#   directory     where the last shell was
# All names begin with __strata_. Written for bash 4.4 and newer.

__strata_here=${BASH_SOURCE[0]%/*}
__strata_kept=${__strata_here%/*}
__strata_build=$NIX_BUILD_TOP

# An impure shell is a person's own as well: as nix-shell does, their start file comes first.
if [[ -f $__strata_here/keep && $- == *i* && -f ~/.bashrc ]]; then . ~/.bashrc; fi

# What a builder of the stdenv does first.
cd "$__strata_build" || return
if [[ -n ${NIX_ATTRS_SH_FILE-} ]]; then . "$NIX_ATTRS_SH_FILE"; fi
dontAddDisableDepTrack=1
if [[ -n ${stdenv-} && -e $stdenv/setup ]]; then . "$stdenv/setup"; fi

# A person types here: an error ends no shell, and a pattern without a match is what it says.
set +eu +o pipefail
shopt -u nullglob
shopt -s execfail
builtin trap - EXIT ERR DEBUG
unset NIX_ENFORCE_PURITY
if [[ -f $__strata_here/keep ]]; then
  PATH=${PATH:+$PATH:}$(< "$__strata_here/caller-path")
fi

# The phases, in the order of the build.
if declare -F definePhases > /dev/null; then
  definePhases
elif [[ -z ${phases-} ]] && declare -F genericBuild > /dev/null; then
  phases="${prePhases-} unpackPhase patchPhase ${preConfigurePhases-} configurePhase \
    ${preBuildPhases-} buildPhase checkPhase ${preInstallPhases-} installPhase \
    ${preFixupPhases-} fixupPhase installCheckPhase ${preDistPhases-} distPhase ${postPhases-}"
fi
if [[ -f ${buildCommandPath-} || -n ${buildCommand-} ]]; then
  phases=build
  build() { if [[ -f ${buildCommandPath-} ]]; then . "$buildCommandPath"; else eval "$buildCommand"; fi; }
fi
# shellcheck disable=SC2128,SC2206 # as genericBuild splits it
__strata_phases=(${phases[@]})

# Whether genericBuild would pass over a phase.
__strata_is_skipped() {
  case $1 in
    unpackPhase) [[ -n ${dontUnpack-} ]] ;;
    patchPhase) [[ -n ${dontPatch-} ]] ;;
    configurePhase) [[ -n ${dontConfigure-} ]] ;;
    buildPhase) [[ -n ${dontBuild-} ]] ;;
    checkPhase) [[ -z ${doCheck-} ]] ;;
    installPhase) [[ -n ${dontInstall-} ]] ;;
    fixupPhase) [[ -n ${dontFixup-} ]] ;;
    installCheckPhase) [[ -z ${doInstallCheck-} ]] ;;
    distPhase) [[ -z ${doDist-} ]] ;;
    *) return 1 ;;
  esac
}

# What is known of a phase, as REPLY: "waiting", "skipped", "done", "failed", or "stale" where one before it was run later.
__strata_look_up() {
  local name status found='' before=' '
  for name in "${__strata_phases[@]}"; do
    [[ $name != "$1" ]] || break
    before+="$name "
  done
  while read -r name status; do
    if [[ $name == "$1" ]]; then
      if [[ $status == 0 ]]; then found='done'; else found=failed; fi
    elif [[ -n $found && $before == *" $name "* ]]; then
      found=stale
    fi
  done 2> /dev/null < "$__strata_kept/ran"
  if [[ -n $found ]]; then REPLY=$found; elif __strata_is_skipped "$1"; then REPLY=skipped; else REPLY=waiting; fi
}

# Writes down that a phase was run, and its exit status.
__strata_write_down() {
  local name status before=''
  while read -r name status; do
    [[ $name == "$1" ]] || before+="$name $status"$'\n'
  done 2> /dev/null < "$__strata_kept/ran"
  printf '%s%s %s\n' "$before" "$1" "$2" >| "$__strata_kept/ran"
}

# Lists the phases, those that were run here with a mark.
phases() {
  local name REPLY
  if ((${#__strata_phases[@]} == 0)); then printf 'there are no phases: its builder is no stdenv\n'; fi
  for name in "${__strata_phases[@]}"; do
    __strata_look_up "$name"
    case $REPLY in
      done) printf ' ✓ %s\n' "$name" ;;
      failed) printf ' ✗ %s\n' "$name" ;;
      stale) printf ' ~ %s (before a phase above it was run again)\n' "$name" ;;
      skipped) printf ' - %s\n' "$name" ;;
      *) printf '   %s\n' "$name" ;;
    esac
  done
}

for __strata_name in "${__strata_phases[@]}"; do
  if __strata_is_skipped "$__strata_name"; then printf '%s\n' "-$__strata_name"; else printf '%s\n' "$__strata_name"; fi
done >| "$__strata_here/phases"
unset __strata_name

if declare -F runPhase > /dev/null; then
  __strata_definition=$(declare -f runPhase)
  eval "__strata_stdenv_run_phase ${__strata_definition#runPhase }"
  unset __strata_definition
else
  # A stdenv from before runPhase has these lines in genericBuild.
  __strata_stdenv_run_phase() {
    local curPhase=$1
    if declare -F showPhaseHeader > /dev/null; then showPhaseHeader "$curPhase"; fi
    if declare -F dumpVars > /dev/null; then dumpVars; fi
    eval "${!curPhase:-$curPhase}"
    if [[ $curPhase == unpackPhase ]]; then cd "${sourceRoot:-.}"; fi
    if declare -F showPhaseFooter > /dev/null; then showPhaseFooter "$curPhase" 0 0; fi
  }
fi

# Whether a variable is bash's own, or of this file.
__strata_is_bashs() {
  case $1 in
    __strata_* | BASH* | COLUMNS | COMP_* | DIRSTACK | EPOCH* | EUID | FUNCNAME | GROUPS | HIST* | LINENO | LINES | OLDPWD) ;;
    OPTERR | OPTIND | PIPESTATUS | PPID | PROMPT_COMMAND | PS[0-4] | PWD | RANDOM | READLINE_* | REPLY | SECONDS) ;;
    SHELLOPTS | SHLVL | SRANDOM | UID | _) ;;
    *) return 1 ;;
  esac
}

# Writes down what a phase begins with and leaves: variables, functions, options of shopt that change what code means, and
# the directory.
__strata_write_state() {
  local __strata_name __strata_line __strata_file=$1
  {
    shopt -p dotglob extglob globstar inherit_errexit lastpipe nocaseglob nocasematch
    while IFS= read -r __strata_name; do
      ! __strata_is_bashs "$__strata_name" || continue
      declare -p "$__strata_name" >| "$__strata_here/said" 2> /dev/null || continue
      IFS= read -r -d '' __strata_line < "$__strata_here/said"
      [[ ! $__strata_line =~ ^declare\ -[A-Za-z]*r ]] || continue
      printf '%s' "declare -g ${__strata_line#declare }"
    done < <(compgen -v)
    declare -f
    printf 'cd -- %q\n' "$PWD"
  } >| "$__strata_here/$__strata_file"
}

# Runs one phase as the build does: in a shell of its own that its first error ends. What it leaves is taken over where it
# succeeds; where it does not, this shell is where the phase ended, with the variables from before it.
runPhase() {
  local __strata_phase=${1-} __strata_status
  if [[ -z $__strata_phase ]]; then
    printf 'runPhase PHASE runs one of:\n' >&2
    phases >&2
    return 2
  fi
  if ! declare -F "$__strata_phase" > /dev/null && [[ -z ${!__strata_phase-} ]]; then
    printf 'there is no phase %s; there are:\n' "$__strata_phase" >&2
    phases >&2
    return 2
  fi
  if [[ $__strata_phase == unpackPhase ]]; then
    __strata_may_unpack || return
    cd -- "$__strata_build" || return
  fi
  __strata_write_state state
  : >| "$__strata_here/left"
  : >| "$__strata_here/failed-in"
  printf '%s' "$__strata_phase" >| "$__strata_here/phase"
  # Not in a subshell: in one of `runPhase a && runPhase b` errors would end nothing.
  "$BASH" --norc "$__strata_here/phase.bash" "$__strata_here" "$__strata_phase" < /dev/null
  __strata_status=$?
  # A phase may end its shell with 0 before it is through: that is no success.
  if [[ $__strata_status == 0 && ! -s $__strata_here/left ]]; then __strata_status=1; fi
  if [[ $__strata_status == 0 ]]; then . "$__strata_here/left"; fi
  __strata_end_phase "$__strata_phase" "$__strata_status"
}

# Notes how a phase ended; one that failed leaves this shell where it did.
__strata_end_phase() {
  __strata_write_down "$1" "$2"
  : >| "$__strata_here/phase"
  [[ $2 != 0 ]] || return 0
  if [[ -s $__strata_here/failed-in ]]; then cd -- "$(< "$__strata_here/failed-in")" 2> /dev/null || :; fi
  printf '\n%s failed with exit status %s, in %s\n' "$1" "$2" "$PWD" >&2
  return "$2"
}

# What lies in a directory, the names with a blank behind each; in the build directory without what a builder finds there.
__strata_names_in() {
  (
    shopt -s dotglob nullglob
    for __strata_one in "$1"/*; do
      __strata_one=${__strata_one##*/}
      [[ $1 != "$__strata_build" ]] || ! __strata_is_given "$__strata_one" || continue
      printf '%s ' "$__strata_one"
    done
  )
}

# Whether a name in the build directory is there before any phase. env-vars is what nixpkgs' dumpVars writes.
__strata_is_given() {
  local name
  [[ $1 != env-vars ]] || return 0
  while IFS= read -r name; do
    [[ $name != "$1" ]] || return 0
  done < "$__strata_here/given"
  return 1
}

# Unpacked over what is there, sources would end within sources (a directory), or take back what was changed (an archive).
__strata_may_unpack() {
  local REPLY names
  __strata_look_up unpackPhase
  case $REPLY in waiting | skipped) return 0 ;; esac
  names=$(__strata_names_in "$__strata_build")
  [[ -n $names ]] || return 0
  printf 'unpackPhase was run here already, and %s holds %s\n' "$__strata_build" "${names% }" >&2
  printf 'startAfresh removes that and the outputs; then runPhase unpackPhase unpacks again\n' >&2
  return 2
}

# Removes what the phases made, and has the variables, functions and directory that the shell began with.
startAfresh() {
  local __strata_name
  cd -- "$__strata_build" || return
  (
    shopt -s dotglob nullglob
    for __strata_name in "$__strata_build"/* "${__strata_kept%/*}/outputs"/*; do
      [[ ${__strata_name%/*} != "$__strata_build" ]] || ! __strata_is_given "${__strata_name##*/}" || continue
      # Sources and outputs may be read-only, as in the store.
      if [[ -d $__strata_name && ! -L $__strata_name ]]; then chmod -R u+w -- "$__strata_name" 2> /dev/null; fi
      rm -rf -- "$__strata_name" || exit
    done
  ) || return
  : >| "$__strata_kept/ran"
  while IFS= read -r __strata_name; do
    __strata_is_bashs "$__strata_name" || [[ $__strata_first_names == *$'\n'"$__strata_name"$'\n'* ]] || unset -v "$__strata_name" 2> /dev/null
  done < <(compgen -v)
  . "$__strata_here/first"
}

# Runs the phases that have not succeeded here since one before them was run, in order, up to the first that fails.
runPhases() {
  local __strata_one __strata_left='' REPLY
  for __strata_one in "${__strata_phases[@]}"; do
    if __strata_is_skipped "$__strata_one"; then continue; fi
    __strata_look_up "$__strata_one"
    if [[ $REPLY == 'done' ]]; then continue; fi
    __strata_left=yes
    runPhase "$__strata_one" || return
  done
  [[ -n $__strata_left ]] || printf 'all phases have succeeded here; runPhase NAME runs one again\n'
}

__strata_first_names=$'\n'$(compgen -v)$'\n'
__strata_write_state first

# A shell that is opened again begins where the last one was.
if [[ -f $__strata_kept/directory ]]; then cd -- "$(< "$__strata_kept/directory")" 2> /dev/null || cd -- "$__strata_build" || :; fi
builtin trap 'printf "%s" "$PWD" 2> /dev/null >| "$__strata_kept/directory"' EXIT

if declare -F runHook > /dev/null; then runHook shellHook; elif [[ -n ${shellHook-} ]]; then eval "$shellHook"; fi

if [[ $- == *i* ]]; then
  complete -W "${__strata_phases[*]}" runPhase
  PS1='\[\e[2m\]nix-shell\[\e[0m\] \[\e[1m\]${PWD/#"$__strata_build"/build}\[\e[0m\] \$ '
  if [[ -f $__strata_here/greeting ]]; then printf '%s\n' "$(< "$__strata_here/greeting")"; fi
  if [[ -f $__strata_here/list ]]; then phases; fi

  __strata_is_at() { printf '%s' "$1" 2> /dev/null >| "$__strata_here/now"; }
  shopt -s promptvars
  __strata_is_at_prompt() {
    # Ctrl-C ends the phase and what called it.
    if [[ -s $__strata_here/phase ]]; then __strata_end_phase "$(< "$__strata_here/phase")" 130; fi
    __strata_is_at prompt
  }
  PROMPT_COMMAND=${PROMPT_COMMAND:+$PROMPT_COMMAND$'\n'}__strata_is_at_prompt
  PS0=${PS0-}'$(__strata_is_at command)'
  PS2='$(__strata_is_at continued)> '

  # What a front asks for is typed by readline, not into the terminal, where a program might read it: a key that no keyboard
  # has puts the command in the place of what is half typed, runs it, and puts that back at the next prompt.
  __strata_take() {
    __strata_half=$READLINE_LINE __strata_half_point=$READLINE_POINT
    READLINE_LINE=
    IFS= read -r READLINE_LINE 2> /dev/null < "$__strata_here/asked"
    : >| "$__strata_here/asked"
    READLINE_POINT=${#READLINE_LINE}
  }
  __strata_give_back() {
    READLINE_LINE=$__strata_half READLINE_POINT=$__strata_half_point
  }
  for __strata_name in emacs vi-insert vi-command; do
    bind -m "$__strata_name" -x '"\e[9912~": __strata_take'
    bind -m "$__strata_name" '"\e[9913~": accept-line'
    bind -m "$__strata_name" -x '"\e[9914~": __strata_give_back'
    bind -m "$__strata_name" '"\e[9911~": "\e[9912~\e[9913~\e[9914~"'
  done 2> /dev/null
  unset __strata_name
fi
