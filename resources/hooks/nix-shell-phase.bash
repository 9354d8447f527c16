# One phase of `strata nix-shell`, in a shell of its own.
#
# Arguments: the directory with the shell's files (nix-shell.bash), and the phase.

__strata_here=$1
__strata_phase=$2
shift 2
. "$__strata_here/state"

builtin trap 'printf "%s" "$PWD" >| "$__strata_here/failed-in"' EXIT
# As a stdenv has them while it builds.
shopt -s nullglob
set -eu -o pipefail
# nixpkgs' setup lets phases use variables that are not set.
set +u
curPhase=$__strata_phase
__strata_stdenv_run_phase "$__strata_phase"
set +e +o pipefail
shopt -u nullglob
unset curPhase
builtin trap - EXIT
__strata_write_state left
