# The start file of a person's shell that joins a held one from outside: the phase's state at its failure.

# What came with the person is no part of the build.
while IFS= read -r -d '' __strata_entry; do
  unset -v "${__strata_entry%%=*}" 2> /dev/null || :
done < "/proc/$BASHPID/environ"
unset -v __strata_entry

. /.strata/held.bash

# The traps are the builder's; a shell that a person types into survives an error.
trap - ERR DEBUG EXIT
set +eu +o pipefail
unset HISTFILE
PS1='\[\e[2m\]held\[\e[0m\] \[\e[1m\]\w\[\e[0m\] \$ '
