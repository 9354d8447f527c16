# shellcheck shell=bash
# Hooks: places where a package, its inputs or the person debugging it add code.
#
# The hook `preInstall` is, in this order, a function, a script on PATH or a variable of that name, and then whatever the
# array `preInstallHooks` lists: functions by name, or code.

# runHook NAME [ARGUMENT…]: runs all of a hook's code and stops at the first that fails.
runHook() {
    local -r hookName=$1
    shift
    local -r listed="${hookName%Hook}Hooks[@]"
    local code
    _callImplicitHook 0 "$hookName"
    for code in "${!listed}"; do _eval "$code" "$@"; done
}

# runOneHook NAME [ARGUMENT…]: runs a hook's code until some of it succeeds, and fails when none does.
runOneHook() {
    local -r hookName=$1
    shift
    local -r listed="${hookName%Hook}Hooks[@]"
    local code
    if _callImplicitHook 1 "$hookName"; then return 0; fi
    for code in "${!listed}"; do
        if _eval "$code" "$@"; then return 0; fi
    done
    return 1
}

# _callImplicitHook STATUS NAME: runs the function, script or variable of that name; returns STATUS where there is none.
_callImplicitHook() {
    local -r statusIfNone=$1 name=$2
    if declare -F "$name" >/dev/null; then
        "$name"
    elif [[ -n $(type -P "$name" || true) ]]; then
        # shellcheck source=/dev/null
        source "$name"
    elif [[ -n ${!name:-} ]]; then
        eval "${!name}"
    else
        return "$statusIfNone"
    fi
}

# In a function, so that `return` in a hook's code ends the hook and not what called it. Only functions get arguments.
_eval() {
    if declare -F "$1" >/dev/null; then
        "$@"
    else
        eval "$1"
    fi
}

# The EXIT trap: the hooks that run when a build ends, whichever way it does. That bash 5.2 may then say "pop_var_context:
# head of shell_variables not a function context", as it does with nixpkgs' stdenv, is a fault of bash and harmless.
exitHandler() {
    # Not local: failure hooks print it.
    exitCode=$?
    # A failing hook must not hide the build's own status.
    set +e
    if ((exitCode == 0)); then
        runHook exitHook
        return
    fi

    runHook failureHook
    if [[ -n ${succeedOnFailure:-} ]]; then
        echo "build failed with exit code $exitCode (ignored)"
        mkdir -p "$out/nix-support"
        printf '%s' "$exitCode" >"$out/nix-support/failed"
        exit 0
    fi
    return "$exitCode"
}
