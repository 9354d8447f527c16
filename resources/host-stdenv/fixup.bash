# shellcheck shell=bash
# What is done to every output after its installation.

isELF() {
    local magic
    # Read through a C locale: the first byte of an ELF file is no character of UTF-8.
    LANG=C IFS= read -r -d '' -n 4 magic <"$1" || true
    [[ $magic == $'\177ELF' ]]
}

isScript() {
    local magic
    LANG=C IFS= read -r -d '' -n 2 magic <"$1" || true
    [[ $magic == '#!' ]]
}

# Debug information is large, and names the build directory.
_stripOutput() {
    if [[ -n ${dontStrip:-} ]] || ! type -P strip >/dev/null; then return 0; fi
    local -a directories=()
    concatTo directories stripDebugList='bin sbin lib lib32 lib64 libexec'
    local -a flags=()
    concatTo flags stripDebugFlags=-S
    local directory file
    # The default above is words in one element.
    for directory in ${directories[*]}; do
        if [[ ! -d $prefix/$directory ]]; then continue; fi
        echo "stripping (with command strip and flags ${flags[*]}) in $prefix/$directory"
        while IFS= read -r -d '' file; do
            # -p: a newer time would make `make` think that what depends on the file is stale.
            if [[ $file == *.a ]] || isELF "$file"; then strip "${flags[@]}" -p "$file"; fi
        done < <(find "$prefix/$directory" -type f -print0)
    done
}

_patchShebangsOfOutput() {
    if [[ -z ${dontPatchShebangs:-} ]]; then patchShebangs --host "$prefix"; fi
}

fixupOutputHooks+=(_stripOutput _patchShebangsOfOutput)

# patchShebangs [--build|--host] PATH…: scripts ask for their interpreter by the path it has here. --build takes it from
# what is there to build with, --host from what the package itself may use.
patchShebangs() {
    local searchPath=$PATH
    case $1 in
        --build) shift ;;
        --host)
            searchPath=$HOST_PATH
            shift
            ;;
    esac

    echo "patching script interpreter paths in $*"
    local file line old interpreter words new
    while IFS= read -r -d '' file; do
        if ! isScript "$file"; then continue; fi
        IFS= read -r line <"$file" || true
        old=${line#'#!'}
        read -r interpreter words <<<"$old"
        # `env` looks its word up on PATH, which holds nothing when the package is used.
        if [[ ${interpreter##*/} == env ]]; then
            if [[ $words == -S\ * ]]; then words=${words#-S }; fi
            read -r interpreter words <<<"$words"
        fi
        # Whoever wrote a store path meant it.
        if [[ $interpreter == "${NIX_STORE:-/nix/store}"/* ]]; then continue; fi
        new=$(PATH=$searchPath type -P "${interpreter##*/}") || continue
        new+=${words:+ $words}
        if [[ $new == "${old# }" ]]; then continue; fi
        echo "$file: interpreter directive changed from \"$old\" to \"$new\""
        _replaceFirstLine "$file" "#!$new"
    done < <(find "$@" -type f -perm -0100 -print0)
}

# Keeps the time: some packages rebuild their configure script when it looks newer than its inputs.
_replaceFirstLine() {
    local -r time=$(stat --format=@%Y "$1")
    local -r rest=$(mktemp)
    tail -n +2 "$1" >"$rest"
    { printf '%s\n' "$2" && cat "$rest"; } >"$1"
    rm "$rest"
    touch --date="$time" "$1"
}

# What packages built against this one will need too.
recordPropagatedDependencies() {
    local -a propagated=()
    concatTo propagated propagatedBuildInputs
    _record propagated-build-inputs "${propagated[@]}"
    propagated=()
    concatTo propagated propagatedNativeBuildInputs
    _record propagated-native-build-inputs "${propagated[@]}"
}

_record() {
    local -r file=$1
    shift
    if (($# == 0)); then return 0; fi
    mkdir -p "${!outputDev}/nix-support"
    printWords "$@" >"${!outputDev}/nix-support/$file"
}
