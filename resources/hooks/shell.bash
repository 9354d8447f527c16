# A person's shell in a snapshot: the start file of an interactive one, and the beginning of the script of a command.

__strata_shell=1
. /.strata/hook.bash
unset __strata_shell
. /.strata/restore.bash
. /.strata/arguments.bash
# shellcheck disable=SC2034 # read by the hook
__strata_arguments=("$@")
unset HISTFILE

# A command keeps the options of the build: what ends a phase ends it too, and its status tells of that.
if [[ -f /.strata/prompt ]]; then
  # A shell that a person types into survives an error.
  set +eu +o pipefail
  PS1=$(< /.strata/prompt)
  printf '%s\n' "$(< /.strata/greeting)"
fi
