# shellcheck shell=bash
# Which phases there are and how one runs.

genericBuild() {
    # These two take the place of all phases. Nix's passAsFile gives the first.
    if [[ -f ${buildCommandPath:-} ]]; then
        # shellcheck source=/dev/null
        source "$buildCommandPath"
        return
    fi
    if [[ -n ${buildCommand:-} ]]; then
        eval "$buildCommand"
        return
    fi

    definePhases
    # Not local: phases and hooks read it.
    for curPhase in ${phases[*]}; do runPhase "$curPhase"; done
}

# Sets `phases`, unless the package did.
definePhases() {
    if [[ -n ${phases[*]-} ]]; then return 0; fi
    # As words even with structured attributes: the pieces may be of either form.
    phases="${prePhases[*]-} unpackPhase patchPhase ${preConfigurePhases[*]-} configurePhase \
${preBuildPhases[*]-} buildPhase checkPhase ${preInstallPhases[*]-} installPhase ${preFixupPhases[*]-} fixupPhase \
installCheckPhase ${preDistPhases[*]-} distPhase ${postPhases[*]-}"
}

# Prints the phases, one a line.
printPhases() {
    definePhases
    local phase
    for phase in ${phases[*]}; do echo "$phase"; done
}

# Whether the package wants phase $1: dontBuild = true switches buildPhase off, doCheck = true switches checkPhase on.
_isWanted() {
    local name=${1%Phase}
    name=${name^}
    case $1 in
        checkPhase | installCheckPhase | distPhase)
            name=do$name
            [[ -n ${!name:-} ]]
            ;;
        unpackPhase | patchPhase | configurePhase | buildPhase | installPhase | fixupPhase)
            name=dont$name
            [[ -z ${!name:-} ]]
            ;;
    esac
}

runPhase() {
    # Not local: hooks read which phase they are in.
    curPhase=$*
    if ! _isWanted "$curPhase"; then return 0; fi

    showPhaseHeader "$curPhase"
    dumpVars
    local -ri startedAt=$SECONDS

    # A variable goes before a function: it is how a package replaces a phase.
    eval "${!curPhase:-$curPhase}"

    showPhaseFooter "$curPhase" $((SECONDS - startedAt))

    if [[ $curPhase == unpackPhase ]]; then
        # Some archives hold directories that nobody may enter.
        if [[ -n ${sourceRoot:-} ]]; then chmod +x -- "$sourceRoot"; fi
        cd -- "${sourceRoot:-.}" || return
    fi
}

showPhaseHeader() {
    echo "Running phase: $1"
    # Nix reads such lines (handleJSONLogMessage in its logging.cc) and shows the phase beside the package's name.
    if [[ -n ${NIX_LOG_FD:-} ]]; then
        printf '@nix { "action": "setPhase", "phase": "%s" }\n' "$1" >&"$NIX_LOG_FD"
    fi
}

# showPhaseFooter PHASE SECONDS: says how long a phase took, where it was long enough to wonder.
showPhaseFooter() {
    local -ri seconds=$2
    if ((seconds < 30)); then return 0; fi
    local duration=''
    if ((seconds >= 3600)); then duration+="$((seconds / 3600)) hours "; fi
    if ((seconds >= 60)); then duration+="$((seconds / 60 % 60)) minutes "; fi
    echo "$1 completed in $duration$((seconds % 60)) seconds"
}

# Leaves the exported variables in a file: `nix-build --keep-failed` keeps it, and sourcing it there gives them back.
dumpVars() {
    if [[ ${noDumpEnvVars:-0} == 1 || ! -d ${NIX_BUILD_TOP:-} ]]; then return 0; fi
    # Some variables are passwords.
    (umask 077 && export >"$NIX_BUILD_TOP/env-vars")
}
