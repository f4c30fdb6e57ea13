# Completes words of COMMAND. The command itself knows the candidates.
_COMMAND() {
    local line=${COMP_LINE:0:COMP_POINT} word candidate
    local -a words
    # Bash would break URIs apart.
    read -ra words <<<"$line"
    [[ $line != *[[:space:]] ]] || words+=("")
    word=${words[-1]}
    COMPREPLY=()
    while IFS= read -r candidate; do
        if [ "$candidate" = :files ]; then
            compopt -o default
            continue
        fi
        candidate=${candidate%%$'\t'*}
        # Bash replaces only what follows the last of its word breaks.
        case $word in
            *[:=]*) candidate=${candidate#"${word%"${word##*[:=]}"}"} ;;
        esac
        COMPREPLY+=("$(printf %q "$candidate")")
    done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
}
complete -F _COMMAND COMMAND
