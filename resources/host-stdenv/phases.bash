# shellcheck shell=bash
# The phases a package gets without writing its own. Each begins and ends in a hook, so that a package can add to it
# instead of replacing it.

unpackPhase() {
    runHook preUnpack

    local -a sources=()
    concatTo sources srcs
    if ((${#sources[@]} == 0)); then concatTo sources src; fi
    if ((${#sources[@]} == 0)); then
        # shellcheck disable=SC2016
        echo 'variable $src or $srcs should point to the source'
        exit 1
    fi

    # The source's directory is the one that unpacking adds.
    local -A before=()
    local entry
    for entry in */; do before[$entry]=1; done
    for entry in "${sources[@]}"; do unpackFile "$entry"; done

    : "${sourceRoot:=}"
    if [[ -n ${setSourceRoot:-} ]] || declare -F setSourceRoot >/dev/null; then
        runOneHook setSourceRoot
    elif [[ -z $sourceRoot ]]; then
        for entry in */; do
            if [[ -n ${before[$entry]:-} ]]; then continue; fi
            if [[ -n $sourceRoot ]]; then
                echo "unpacker produced multiple directories: set sourceRoot to one of $sourceRoot, ${entry%/}"
                exit 1
            fi
            sourceRoot=${entry%/}
        done
    fi
    if [[ -z $sourceRoot ]]; then
        echo 'unpacker appears to have produced no directories'
        exit 1
    fi
    echo "source root is $sourceRoot"

    # Copies of store paths are read-only, as store paths are.
    if [[ ${dontMakeSourcesWritable:-0} != 1 ]]; then chmod -R u+w -- "$sourceRoot"; fi

    runHook postUnpack
}

unpackFile() {
    # Packages' own unpackCmd reads it.
    curSrc=$1
    echo "unpacking source archive $curSrc"
    if ! runOneHook unpackCmd "$curSrc"; then
        echo "do not know how to unpack source archive $curSrc"
        exit 1
    fi
}

_unpackDefault() {
    local -r file=$1
    if [[ -d $file ]]; then
        local -r copy=$(stripHash "$file")
        if [[ -e $copy ]]; then
            echo "cannot copy $file to $copy, which exists: do two of srcs have one name?"
            return 1
        fi
        cp -r --preserve=mode,timestamps --reflink=auto -- "$file" "$copy"
        return
    fi
    case $file in
        *.tar | *.tar.* | *.tgz | *.tbz | *.tbz2 | *.txz | *.tzst)
            # The archive's owners mean nothing here. tar knows the compression by its first bytes.
            tar --extract --file "$file" --no-same-owner --mode=u+w --warning=no-timestamp
            ;;
        *) return 1 ;;
    esac
}
unpackCmdHooks+=(_unpackDefault)

patchPhase() {
    runHook prePatch

    local -a files=() flags=()
    concatTo files patches
    concatTo flags patchFlags=-p1
    local file
    for file in "${files[@]}"; do
        echo "applying patch $file"
        case $file in
            *.gz) gzip -dc "$file" ;;
            *.bz2) bzip2 -dc "$file" ;;
            *.xz) xz -dc "$file" ;;
            *.zst) zstd -dc "$file" ;;
            *) cat "$file" ;;
        esac | patch "${flags[@]}"
    done

    runHook postPatch
}

configurePhase() {
    runHook preConfigure

    if [[ -z ${configureScript:-} && -x ./configure ]]; then configureScript=./configure; fi
    if [[ -z ${configureScript:-} ]]; then
        echo 'no configure script, doing nothing'
    else
        if [[ -z ${dontAddPrefix:-} && -n $prefix ]]; then
            prependToVar configureFlags "${prefixKey:---prefix=}$prefix"
        fi
        if [[ -z ${dontPatchShebangsInConfigure:-} && -f $configureScript ]]; then
            patchShebangs --build "$configureScript"
        fi
        local -a flags=()
        concatTo flags configureFlags configureFlagsArray
        echoCmd 'configure flags' "${flags[@]}"
        # Unquoted: a package may write "../configure --with-something".
        # shellcheck disable=SC2086
        $configureScript "${flags[@]}"
    fi

    runHook postConfigure
}

_hasMakefile() {
    [[ -n ${makeFlags[*]-} || -n ${makefile:-} || -e Makefile || -e makefile || -e GNUmakefile ]]
}

# _make WHAT PARALLEL LIST[=DEFAULT]…: runs make, with the flags that every phase gives it and those in the named lists,
# on all cores where PARALLEL is not empty.
_make() {
    local -r what=$1 parallel=$2
    shift 2
    local -a flags=(${parallel:+"-j$NIX_BUILD_CORES"} "SHELL=$SHELL")
    concatTo flags makeFlags makeFlagsArray "$@"
    echoCmd "$what flags" "${flags[@]}"
    make ${makefile:+-f "$makefile"} "${flags[@]}"
}

# Whether the Makefile can make $1: `make --dry-run` fails where it cannot.
_hasTarget() { make ${makefile:+-f "$makefile"} --dry-run "$1" &>/dev/null; }

buildPhase() {
    runHook preBuild

    if _hasMakefile; then
        _make build "${enableParallelBuilding:-}" buildFlags buildFlagsArray
    else
        echo 'no Makefile or custom buildPhase, doing nothing'
    fi

    runHook postBuild
}

checkPhase() {
    runHook preCheck

    local target
    if _hasMakefile && [[ -z ${checkTarget:-} ]]; then
        for target in check test; do
            if _hasTarget "$target"; then
                checkTarget=$target
                break
            fi
        done
    fi
    if [[ -n ${checkTarget:-} ]]; then
        # Where it matters, automake's tests show their output with VERBOSE.
        _make check "${enableParallelChecking:-}" checkFlags=VERBOSE=y checkFlagsArray checkTarget
    else
        echo 'no Makefile with a target check or test, and no custom checkPhase, doing nothing'
    fi

    runHook postCheck
}

installPhase() {
    runHook preInstall

    if _hasMakefile; then
        if [[ -n $prefix ]]; then mkdir -p "$prefix"; fi
        _make install "${enableParallelInstalling:-}" installFlags installFlagsArray installTargets=install
    else
        echo 'no Makefile or custom installPhase, doing nothing'
    fi

    runHook postInstall
}

fixupPhase() {
    local output
    for output in $(getAllOutputNames); do
        # Files installed read-only could not be stripped; Nix allows no setuid programs in its store.
        if [[ -e ${!output} ]]; then chmod -R u+w,u-s,g-s "${!output}"; fi
    done

    runHook preFixup

    for output in $(getAllOutputNames); do
        if [[ -e ${!output} ]]; then prefix=${!output} runHook fixupOutput; fi
    done
    recordPropagatedDependencies
    if [[ -n ${setupHook:-} ]]; then
        mkdir -p "${!outputDev}/nix-support"
        substituteAll "$setupHook" "${!outputDev}/nix-support/setup-hook"
    fi

    runHook postFixup
}

installCheckPhase() {
    runHook preInstallCheck

    if _hasMakefile && _hasTarget "${installCheckTarget:-installcheck}"; then
        _make installcheck "${enableParallelChecking:-}" \
            installCheckFlags installCheckFlagsArray installCheckTarget=installcheck
    else
        echo 'no Makefile with a target installcheck, and no custom installCheckPhase, doing nothing'
    fi

    runHook postInstallCheck
}

distPhase() {
    runHook preDist

    _make dist '' distFlags distFlagsArray distTarget=dist
    if [[ ${dontCopyDist:-0} != 1 ]]; then
        mkdir -p "$out/tarballs"
        # Unquoted: wildcards are allowed in it.
        # shellcheck disable=SC2086
        cp -pvd ${tarballs[*]:-*.tar.gz} "$out/tarballs"
    fi

    runHook postDist
}
