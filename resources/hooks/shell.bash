# The start file of a person's shell in a snapshot: the phase's state, an interactive shell's options, a prompt.

__strata_shell=1
. /.strata/hook.bash
unset __strata_shell
. /.strata/restore.bash
# A command given to the shell stands in its own arguments; the builder's are for an interactive one.
if [[ -f /.strata/prompt ]]; then . /.strata/arguments.bash; fi

# A shell that a person types into survives an error.
set +eu +o pipefail
unset HISTFILE
if [[ -f /.strata/prompt ]]; then
  # shellcheck disable=SC2034 # read by the hook
  __strata_arguments=("$@")
  PS1=$(< /.strata/prompt)
  printf '%s\n' "$(< /.strata/greeting)"
fi
