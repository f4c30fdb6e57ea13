# Completes words of COMMAND. The command itself knows the candidates.
_COMMAND() {
    local line=${COMP_LINE:0:COMP_POINT} word= begun= quote= start=0 opened=0 i c name candidate
    local -a words=()
    # The words, without quotes and with the values of variables in upper case, which this function has none of; nothing else
    # is expanded, and nothing runs. COMP_WORDS has URIs broken apart. A candidate replaces the last word from `start` on: from
    # behind the last of bash's word breaks.
    for ((i = 0; i < ${#line}; i++)); do
        c=${line:i:1}
        case $quote$c in
            [[:space:]])
                [ -z "$begun" ] || words+=("$word")
                word= begun= start=0
                continue
                ;;
            \'\' | \"\") quote= ;;
            \'?) word+=$c ;;
            [\'\"]) quote=$c opened=${#word} ;;
            *\\)
                ((++i))
                c=${line:i:1}
                [[ -z $quote || $c == [\$\`\"\\] ]] || word+=\\
                word+=$c
                ;;
            *\$)
                name='[A-Z_][A-Z_0-9]*'
                if [[ ${line:i} =~ ^\$($name) || ${line:i} =~ ^\$\{($name)\} ]]; then
                    ((i += ${#BASH_REMATCH} - 1))
                    name=${BASH_REMATCH[1]}
                    c=${!name-}
                fi
                word+=$c
                ;;
            *)
                [[ $quote$c != \~ || -n $begun || ${line:i+1:1} != / ]] || c=$HOME
                if [[ -z $quote && $COMP_WORDBREAKS == *"$c"* ]]; then
                    # An @ is replaced as well.
                    start=${#word}
                    [ "$c" = @ ] || ((++start))
                fi
                word+=$c
                ;;
        esac
        begun=1
    done
    words+=("$word")
    # In an open quote it replaces all that follows the quote.
    [ -z "$quote" ] || start=$opened
    COMPREPLY=()
    while IFS= read -r candidate; do
        if [ "$candidate" = :files ]; then
            compopt -o default
            continue
        fi
        candidate=${candidate%%$'\t'*}
        candidate=${candidate:start}
        case $quote in
            \') candidate=${candidate//\'/\'\\\'\'} ;;
            \") for c in \\ \" \$ \`; do candidate=${candidate//"$c"/"\\$c"}; done ;;
            *) printf -v candidate %q "$candidate" ;;
        esac
        COMPREPLY+=("$candidate")
    done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
}
complete -F _COMMAND COMMAND
