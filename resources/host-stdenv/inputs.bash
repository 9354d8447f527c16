# shellcheck shell=bash
# Build inputs: what they propagate, their programs on PATH, their setup hooks, and their libraries for the compiler.
#
# nixpkgs tells apart six kinds of inputs, by the platform they run on and the one they make code for. On one host two are
# left: native ones run during the build (offset -1), the others belong to what is built (offset 0).

declare -a pkgsBuildHost=() pkgsHostTarget=()
declare -a envBuildHostHooks=() envHostTargetHooks=()

# addEnvHooks OFFSET FUNCTION…: for setup hooks. Each function is called later with each input of that offset.
addEnvHooks() {
    local -ri offset=$1
    shift
    if ((offset < 0)); then
        envBuildHostHooks+=("$@")
    else
        envHostTargetHooks+=("$@")
    fi
}

activateInputs() {
    local package
    # Store paths hold no spaces: arrays and words read alike.
    for package in ${depsBuildBuild[*]-} ${nativeBuildInputs[*]-} ${propagatedNativeBuildInputs[*]-} ${depsBuildTarget[*]-}; do
        findInputs "$package" -1
    done
    for package in ${depsHostHost[*]-} ${buildInputs[*]-} ${propagatedBuildInputs[*]-} ${depsTargetTarget[*]-}; do
        findInputs "$package" 0
    done

    # Their programs go before the host's, so they are gathered apart and joined to PATH at the end.
    local inputsPath='' inputsHostPath=''
    for package in "${pkgsBuildHost[@]}"; do activatePackage "$package" -1; done
    for package in "${pkgsHostTarget[@]}"; do activatePackage "$package" 0; done
    export PATH=$inputsPath${inputsPath:+:}$PATH
    export HOST_PATH=$inputsHostPath${inputsHostPath:+:}$HOST_PATH

    # Without strictDeps, hooks see inputs of either kind: many packages list a library where a tool belongs.
    local -a nativeFor=("${pkgsBuildHost[@]}") hostFor=("${pkgsHostTarget[@]}")
    if [[ -z ${strictDeps:-} ]]; then
        nativeFor+=("${pkgsHostTarget[@]}")
        hostFor=("${nativeFor[@]}")
    fi
    for package in "${nativeFor[@]}"; do runHook envBuildHostHook "$package"; done
    for package in "${hostFor[@]}"; do runHook envHostTargetHook "$package"; done
}

# findInputs PACKAGE OFFSET: notes a package and, through what it propagates, all that comes with it, each once.
findInputs() {
    local -r package=$1
    local -ri offset=$2
    local -n _found=pkgsHostTarget
    if ((offset < 0)); then local -n _found=pkgsBuildHost; fi
    if [[ " ${_found[*]} " == *" $package "* ]]; then return 0; fi
    if [[ ! -e $package ]]; then
        echo "build input $package does not exist" >&2
        exit 1
    fi
    _found+=("$package")

    local propagated
    for propagated in $(_listIn "$package/nix-support/propagated-build-inputs"); do
        findInputs "$propagated" "$offset"
    done
    # The tools of a build tool are of no use to what is built with it.
    if ((offset < 0)); then return 0; fi
    for propagated in $(_listIn "$package/nix-support/propagated-native-build-inputs"); do
        findInputs "$propagated" -1
    done
}

_listIn() { if [[ -f $1 ]]; then cat "$1"; fi; }

# activatePackage PACKAGE OFFSET: adds its programs to inputsPath and inputsHostPath and runs its setup hook, which may
# read hostOffset.
activatePackage() {
    local -r package=$1
    local -ri hostOffset=$2

    # A file among the inputs is a setup hook itself.
    if [[ -f $package ]]; then
        # shellcheck source=/dev/null
        source "$package"
        return
    fi

    if [[ -z ${strictDeps:-} ]] || ((hostOffset < 0)); then addToSearchPath inputsPath "$package/bin"; fi
    if ((hostOffset == 0)); then addToSearchPath inputsHostPath "$package/bin"; fi
    if [[ -f $package/nix-support/setup-hook ]]; then
        # shellcheck source=/dev/null
        source "$package/nix-support/setup-hook"
    fi
}

# nixpkgs wraps the compiler to find inputs; the host's own one is told by the variables that it and pkg-config read.
_showToCompiler() {
    addToSearchPath CPATH "$1/include"
    addToSearchPath LIBRARY_PATH "$1/lib"
    # Programs find the library at run time where they found it at link time.
    addToSearchPath LD_RUN_PATH "$1/lib"
    addToSearchPath PKG_CONFIG_PATH "$1/lib/pkgconfig"
    addToSearchPath PKG_CONFIG_PATH "$1/share/pkgconfig"
}
addEnvHooks 0 _showToCompiler
