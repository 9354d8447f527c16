# shellcheck shell=bash
# What Nix starts, as `bash -e source-stdenv.sh BUILDER`: the environment first, then the package's builder in it.

# With structured attributes the environment holds nothing but where to find them, not even $stdenv.
# Some releases of Nix (2.8 is one) name the files by their paths outside the sandbox.
if [[ -n ${NIX_ATTRS_SH_FILE:-} && ! -e $NIX_ATTRS_SH_FILE ]]; then
    export NIX_ATTRS_SH_FILE=$PWD/.attrs.sh NIX_ATTRS_JSON_FILE=$PWD/.attrs.json
fi
if [[ -n ${NIX_ATTRS_SH_FILE:-} ]]; then
    # shellcheck source=/dev/null
    source "$NIX_ATTRS_SH_FILE"
fi

# shellcheck source=setup
source "${stdenv:?}/setup"
# shellcheck source=default-builder.sh
source "$1"
