# shellcheck shell=bash
# Variables that hold lists. A list in a package is an array with structured attributes and words in a string without;
# these functions let the rest not care.

# What kind of variable $1 names: array, map, string or unset.
_kindOf() {
    local declaration
    declaration=$(declare -p "$1" 2>/dev/null) || declaration=
    local -r flags=${declaration#declare -}
    case ${flags%% *} in
        *A*) echo map ;;
        *a*) echo array ;;
        '') echo unset ;;
        *) echo string ;;
    esac
}

# _addToVar front|back NAME ELEMENT…
_addToVar() {
    local -r _end=$1 _name=$2
    local -n _list=$2
    shift 2
    local _kind
    _kind=$(_kindOf "$_name")
    if [[ $_kind == unset ]]; then _kind=${__structuredAttrs:+array}; fi
    case $_kind-$_end in
        map-*)
            echo "cannot append to $_name: it is an associative array, which has no order" >&2
            return 1
            ;;
        array-front) _list=("$@" "${_list[@]}") ;;
        array-back) _list+=("$@") ;;
        *-front) _list="$*${_list:+ $_list}" ;;
        *-back) _list="${_list:+$_list }$*" ;;
    esac
}

# prependToVar NAME ELEMENT…
prependToVar() { _addToVar front "$@"; }

# appendToVar NAME ELEMENT…
appendToVar() { _addToVar back "$@"; }

# concatTo ARRAY NAME[=DEFAULT]…: adds the elements of the named lists to ARRAY, DEFAULT for one that is empty.
concatTo() {
    # Words such as `*.so` in flags are for the tool, not for this shell.
    local -
    set -o noglob

    local -n _target=$1
    shift
    local _spec _name _default
    for _spec in "$@"; do
        _name=${_spec%%=*}
        _default=${_spec#"$_name"}
        _default=${_default#=}
        local -n _list=$_name
        local -a _words=()
        case $(_kindOf "$_name") in
            map)
                echo "cannot use $_name as a list: it is an associative array" >&2
                return 1
                ;;
            array) _words=("${_list[@]}") ;;
            string)
                # Unquoted: this is where a string becomes words.
                # shellcheck disable=SC2206
                _words=($_list)
                ;;
        esac
        if [[ -z ${_words[*]} && -n $_default ]]; then _words=("$_default"); fi
        _target+=("${_words[@]}")
    done
}

# concatStringsSep SEPARATOR NAME: prints the elements of the named list with SEPARATOR between them.
concatStringsSep() {
    local -a _elements=()
    concatTo _elements "$2"
    local _element _between=
    for _element in "${_elements[@]}"; do
        printf '%s%s' "$_between" "$_element"
        _between=$1
    done
}

printWords() { if (($# > 0)); then printf '%s ' "$@"; fi; }

printLines() { if (($# > 0)); then printf '%s\n' "$@"; fi; }

# Adds directory $3 to search path $2, which $1 delimits. What does not exist or is there already is left out: a long path
# is slow to search and hard to read.
addToSearchPathWithCustomDelimiter() {
    local -r delimiter=$1 variable=$2 directory=$3
    local -r current=${!variable:-}
    if [[ -d $directory && $delimiter$current$delimiter != *"$delimiter$directory$delimiter"* ]]; then
        export "$variable=${current:+$current$delimiter}$directory"
    fi
}

addToSearchPath() { addToSearchPathWithCustomDelimiter : "$@"; }

# Prints a command so that it can be pasted: `echoCmd 'build flags' -j2 'CFLAGS=-g -O2'`.
echoCmd() {
    printf '%s:' "$1"
    shift
    printf ' %q' "$@"
    echo
}

# The name of store path $1 without directory and hash.
stripHash() {
    local name=${1##*/}
    if [[ $name =~ ^[a-z0-9]{32}- ]]; then name=${name:33}; fi
    echo "$name"
}
