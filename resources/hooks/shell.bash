# The start file of a person's shell in a snapshot: the phase's state, an interactive shell's options, a prompt.

__strata_shell=1
. /.strata/hook.bash
unset __strata_shell
. /.strata/restore.bash

# A shell that a person types into survives an error; what a phase would do at one, `runPhase` still says.
set +eu +o pipefail
# shellcheck disable=SC2034 # read by the hook: the builder's arguments
__strata_arguments=("$@")
if [[ -f /.strata/prompt ]]; then
  PS1=$(< /.strata/prompt)
  printf '%s\n' "$(< /.strata/greeting)"
fi
