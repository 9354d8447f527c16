# One phase of `strata nix-shell`, in a shell of its own.
#
# Arguments: how the names of the shell's own files begin (nix-shell.bash), and the phase.

__strata_own=$1
__strata_phase=$2
shift 2
. "$__strata_own.state"

builtin trap 'printf "%s" "$PWD" >| "$__strata_own.failed-in"' EXIT
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
