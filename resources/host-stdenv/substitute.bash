# shellcheck shell=bash
# Replacing text in files.

# substituteStream VARIABLE DESCRIPTION OPTION…: prints the text in VARIABLE with the replacements made.
#   --replace-fail|--replace-warn|--replace-quiet PATTERN TEXT   differ in what happens when nothing matches
#   --replace PATTERN TEXT                                       the old name of --replace-warn
#   --subst-var NAME                                             @NAME@ becomes the value of that variable
#   --subst-var-by NAME TEXT                                     @NAME@ becomes TEXT
substituteStream() {
    local text=${!1}
    local -r description=$2
    shift 2

    local pattern
    while (($# > 0)); do
        case $1 in
            --replace | --replace-fail | --replace-warn | --replace-quiet)
                if [[ $text != *"$2"* ]]; then
                    case $1 in
                        --replace-fail)
                            printf 'substitute: pattern %q does not match anything in %s\n' "$2" "$description" >&2
                            return 1
                            ;;
                        --replace | --replace-warn)
                            printf 'substitute: warning: pattern %q does not match anything in %s\n' "$2" "$description" >&2
                            ;;
                    esac
                fi
                # Quoted on both sides: neither glob characters of the pattern nor bash 5.2's `&` in the text are special.
                text=${text//"$2"/"$3"}
                shift 3
                ;;
            --subst-var)
                if [[ ! $2 =~ ^[a-zA-Z_][a-zA-Z0-9_]*$ || ! -v $2 ]]; then
                    echo "substitute: there is no variable '$2' to put into $description" >&2
                    return 1
                fi
                pattern="@$2@"
                text=${text//"$pattern"/"${!2}"}
                shift 2
                ;;
            --subst-var-by)
                pattern="@$2@"
                text=${text//"$pattern"/"$3"}
                shift 3
                ;;
            *)
                echo "substitute: unknown option '$1'" >&2
                return 1
                ;;
        esac
    done

    printf '%s' "$text"
}

# consumeEntire VARIABLE: reads standard input whole, its last newlines too, which $(…) would lose.
consumeEntire() {
    # read succeeds only where it finds its delimiter, the NUL that a bash variable cannot hold.
    if IFS= read -r -d '' "$1"; then
        echo 'substitute: the input holds NUL bytes: it is no text' >&2
        return 1
    fi
}

# substitute INPUT OUTPUT OPTION…
substitute() {
    local -r input=$1 output=$2
    shift 2
    if [[ ! -f $input ]]; then
        echo "substitute: there is no file '$input'" >&2
        return 1
    fi

    # content is read by its name.
    # shellcheck disable=SC2034
    local content result
    consumeEntire content <"$input"
    # Into a variable first: OUTPUT may be INPUT, and must survive a replacement that fails. The dot keeps last newlines.
    result=$(substituteStream content "file '$input'" "$@" && echo .) || return 1
    # Files copied from the store are read-only.
    if [[ -e $output ]]; then chmod +w "$output"; fi
    printf '%s' "${result%.*}" >"$output"
}

# substituteInPlace FILE… OPTION…
substituteInPlace() {
    local -a files=()
    while (($# > 0)) && [[ $1 != --* ]]; do
        files+=("$1")
        shift
    done
    if ((${#files[@]} == 0)); then
        echo 'substituteInPlace: name the files before the options' >&2
        return 1
    fi

    local file
    for file in "${files[@]}"; do substitute "$file" "$file" "$@"; done
}

# substituteAll INPUT OUTPUT: @name@ becomes the value of every exported variable whose name begins in lower case, which
# is what a package's attributes look like.
substituteAll() {
    local -a options=()
    local name
    while IFS= read -r name; do
        if [[ $name =~ ^[a-z] ]]; then options+=(--subst-var "$name"); fi
    # With structured attributes these four are set and not exported.
    done < <(printLines system pname name version | while read -r name; do [[ ! -v $name ]] || echo "$name"; done; compgen -e)
    substitute "$1" "$2" "${options[@]}"
}

substituteAllInPlace() { substituteAll "$1" "$1"; }
