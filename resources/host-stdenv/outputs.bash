# shellcheck shell=bash
# Several outputs: which files belong where, and getting them there.

getAllOutputNames() {
    if [[ -n $__structuredAttrs ]]; then
        echo "${!outputs[*]}"
    else
        # shellcheck disable=SC2128 # A string here.
        echo "$outputs"
    fi
}

# _chooseOutput VARIABLE NAME…: sets VARIABLE to the first name that is an output, unless the package has set it.
_chooseOutput() {
    local -n _chosen=$1
    shift
    local candidate
    for candidate in "${_chosen:-}" "$@"; do
        # REMOVE is how a package says that such files are not wanted.
        if [[ -n $candidate && ($candidate == REMOVE || -n ${!candidate:-}) ]]; then
            _chosen=$candidate
            return
        fi
    done
    echo "this derivation has none of the outputs $*" >&2
    return 1
}

_chooseOutput outputDev dev out
_chooseOutput outputBin bin out
_chooseOutput outputInclude "$outputDev"
_chooseOutput outputLib lib out
_chooseOutput outputDoc doc out
_chooseOutput outputDevdoc devdoc REMOVE
_chooseOutput outputMan man "$outputBin"
_chooseOutput outputDevman devman devdoc "$outputMan"
_chooseOutput outputInfo info "$outputBin"

_hasSeveralOutputs() { [[ $(getAllOutputNames) == *' '* ]]; }

# A configure script can put files into their outputs itself, and then knows where they are.
_configureOutputs() {
    if ! _hasSeveralOutputs || [[ -n ${dontAddPrefix:-} || -z ${setOutputFlags-1} ]]; then return 0; fi
    prependToVar configureFlags \
        "--bindir=${!outputBin}/bin" "--sbindir=${!outputBin}/sbin" \
        "--includedir=${!outputInclude}/include" \
        "--mandir=${!outputMan}/share/man" "--infodir=${!outputInfo}/share/info" \
        "--docdir=${!outputDoc}/share/doc/${pname:-$name}" \
        "--libdir=${!outputLib}/lib" "--libexecdir=${!outputLib}/libexec" \
        "--localedir=${!outputLib}/share/locale"
}
preConfigureHooks+=(_configureOutputs)

# moveToOutput PATTERN OUTPUT: moves what matches, such as "share/man" or "lib/*.a", from all other outputs to OUTPUT,
# the name of a variable with its path; the output REMOVE is the dustbin.
moveToOutput() {
    local -r pattern=$1 chosen=$2
    local output source target
    for output in $(getAllOutputNames); do
        if [[ ${!output} == "${!chosen:-}" ]]; then continue; fi
        # Unquoted, to expand the pattern; nullglob makes a pattern without a match vanish, and a plain name needs -e.
        for source in "${!output}"/$pattern; do
            if [[ ! -e $source && ! -L $source ]]; then continue; fi
            if [[ $chosen == REMOVE ]]; then
                echo "Removing $source"
                rm -rf "$source"
            else
                target=${!chosen}${source#"${!output}"}
                echo "Moving $source to $target"
                mkdir -p "${target%/*}"
                # Into a directory that is there already: both outputs may have had one.
                if [[ -d $source && -d $target ]]; then
                    cp -a "$source/." "$target/"
                    rm -rf "$source"
                else
                    mv "$source" "$target"
                fi
            fi
            # An emptied directory would only make the output look as though it had something to offer.
            rmdir --ignore-fail-on-non-empty --parents "${source%/*}" 2>/dev/null || true
        done
    done
}

_moveFilesToTheirOutputs() {
    if ! _hasSeveralOutputs; then return 0; fi
    moveToOutput share/man/man3 "$outputDevman"
    moveToOutput share/man "$outputMan"
    moveToOutput share/info "$outputInfo"
    moveToOutput share/doc "$outputDoc"
    moveToOutput share/gtk-doc "$outputDevdoc"
    moveToOutput include "$outputInclude"
    local development
    for development in lib/pkgconfig share/pkgconfig lib/cmake share/aclocal bin/*-config; do
        moveToOutput "$development" "$outputDev"
    done
}
preFixupHooks+=(_moveFilesToTheirOutputs)

# Whoever builds against `dev` also needs what its headers stand for.
_propagateOutputs() {
    if ! _hasSeveralOutputs || [[ -z ${!outputDev:-} || ! -e ${!outputDev} ]]; then return 0; fi
    local output
    for output in "$outputBin" "$outputInclude" "$outputLib"; do
        if [[ $output == "$outputDev" || -z ${!output:-} ]]; then continue; fi
        mkdir -p "${!outputDev}/nix-support"
        if ! grep -qsF "${!output}" "${!outputDev}/nix-support/propagated-build-inputs"; then
            printWords "${!output}" >>"${!outputDev}/nix-support/propagated-build-inputs"
        fi
    done
}
postFixupHooks+=(_propagateOutputs)
