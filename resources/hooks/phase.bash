# Runs one phase in a fresh shell that continues where the one before ended.
#
# Arguments: the way to run ("phases" or "command"), the phase, "last" or "more", and then the builder's own arguments.

. /.strata/hook.bash

__strata_how=$1
__strata_phase=$2
__strata_position=$3
shift 3
__strata_arguments=("$@")

. /.strata/restore.bash

# A stdenv from before runPhase has its lines in genericBuild.
if [[ $__strata_how == phases ]] && ! declare -F runPhase > /dev/null; then
  runPhase() {
    local curPhase=$1
    if declare -F showPhaseHeader > /dev/null; then showPhaseHeader "$curPhase"; fi
    if declare -F dumpVars > /dev/null; then dumpVars; fi
    eval "${!curPhase:-$curPhase}"
    if [[ $curPhase == unpackPhase ]]; then cd "${sourceRoot:-.}"; fi
    if declare -F showPhaseFooter > /dev/null; then showPhaseFooter "$curPhase" 0 0; fi
  }
fi

# From here on the options are the builder's: an error ends the shell.
__strata_watch_errors
case $__strata_how in
  phases)
    curPhase=$__strata_phase
    runPhase "$curPhase"
    ;;
  command) genericBuild ;;
esac

__strata_completed=yes
if [[ $__strata_position == more ]]; then
  # The builder's EXIT trap belongs to the end of the build, not to the end of this phase; the state carries it on.
  __strata_stop_watching
  builtin trap - EXIT
  __strata_report 0 ''
  __strata_dump state
  __strata_name_leftovers
fi
exit 0
