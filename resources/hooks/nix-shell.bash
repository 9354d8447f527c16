# `strata nix-shell`: the environment of a derivation outside the sandbox, with its phases runnable one by one.
#
# The start file of an interactive bash, or the beginning of the script of one command. Several shells can be open in one
# directory. That of this file holds
#   keep          "yes" where PATH goes on with the caller's own (an impure shell)
#   greeting      printed first, where it is there
#   caller-path   the caller's PATH
#   done          the phases that have succeeded here, one a line
#   phases        all of them, one a line, with "-" before those that the build passes over; written here
#   directory     where the last shell was
#   PID.*         what one shell and its phase hand each other
# All names begin with __strata_. Written for bash 4.4 and newer.

__strata_here=${BASH_SOURCE[0]%/*}
__strata_build=$NIX_BUILD_TOP
__strata_own=$__strata_here/$$

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

__strata_is_done() {
  local name
  while IFS= read -r name; do
    [[ $name != "$1" ]] || return 0
  done 2> /dev/null < "$__strata_here/done"
  return 1
}

# Lists the phases, those that succeeded here with a mark.
phases() {
  local name mark
  for name in "${__strata_phases[@]}"; do
    mark=' '
    if __strata_is_skipped "$name"; then mark=-; elif __strata_is_done "$name"; then mark=✓; fi
    printf ' %s %s\n' "$mark" "$name"
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

# Writes down what a phase begins with and leaves: variables, functions, options of shopt that change what code means, and
# the directory.
__strata_write_state() {
  local __strata_name __strata_line __strata_file=$1
  {
    shopt -p dotglob extglob globstar inherit_errexit lastpipe nocaseglob nocasematch
    while IFS= read -r __strata_name; do
      case $__strata_name in
        __strata_* | BASH* | COMP_* | DIRSTACK | EPOCH* | EUID | FUNCNAME | GROUPS | HIST* | LINENO | OLDPWD | OPTERR | OPTIND) continue ;;
        PIPESTATUS | PPID | PROMPT_COMMAND | PS[0-4] | RANDOM | SECONDS | SHELLOPTS | SHLVL | SRANDOM | UID | _) continue ;;
      esac
      declare -p "$__strata_name" >| "$__strata_own.said" 2> /dev/null || continue
      IFS= read -r -d '' __strata_line < "$__strata_own.said"
      [[ ! $__strata_line =~ ^declare\ -[A-Za-z]*r ]] || continue
      printf '%s' "declare -g ${__strata_line#declare }"
    done < <(compgen -v)
    declare -f
    printf 'cd -- %q\n' "$PWD"
  } >| "$__strata_own.$__strata_file"
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
  __strata_write_state state
  : >| "$__strata_own.left"
  : >| "$__strata_own.failed-in"
  # Not in a subshell: in one of `runPhase a && runPhase b` errors would end nothing.
  "$BASH" --norc "$__strata_here/phase.bash" "$__strata_own" "$__strata_phase" < /dev/null
  __strata_status=$?
  if [[ $__strata_status == 0 && -s $__strata_own.left ]]; then
    . "$__strata_own.left"
    __strata_is_done "$__strata_phase" || printf '%s\n' "$__strata_phase" >> "$__strata_here/done"
    return 0
  fi
  if [[ -s $__strata_own.failed-in ]]; then cd -- "$(< "$__strata_own.failed-in")" 2> /dev/null || :; fi
  printf '\n%s failed with exit status %s, in %s\n' "$__strata_phase" "$__strata_status" "$PWD" >&2
  return "$__strata_status"
}

# Runs the phases that have not succeeded here, in order, up to the first that fails.
runPhases() {
  local __strata_one __strata_left=
  for __strata_one in "${__strata_phases[@]}"; do
    if __strata_is_skipped "$__strata_one" || __strata_is_done "$__strata_one"; then continue; fi
    __strata_left=yes
    runPhase "$__strata_one" || return
  done
  [[ -n $__strata_left ]] || printf 'all phases have succeeded here; runPhase NAME runs one again\n'
}

# A shell that is opened again begins where the last one was.
if [[ -f $__strata_here/directory ]]; then cd -- "$(< "$__strata_here/directory")" 2> /dev/null || cd -- "$__strata_build" || :; fi
builtin trap 'printf "%s" "$PWD" >| "$__strata_here/directory"; rm -f -- "$__strata_own".* 2> /dev/null || :' EXIT

if declare -F runHook > /dev/null; then runHook shellHook; elif [[ -n ${shellHook-} ]]; then eval "$shellHook"; fi

if [[ $- == *i* ]]; then
  complete -W "${__strata_phases[*]}" runPhase
  PS1='\[\e[2m\]nix-shell\[\e[0m\] \[\e[1m\]${PWD/#"$__strata_build"/build}\[\e[0m\] \$ '
  if [[ -f $__strata_here/greeting ]]; then printf '%s\n' "$(< "$__strata_here/greeting")"; fi
  phases
fi
