#compdef COMMAND
# Completes words of COMMAND. The command itself knows the candidates.
local candidate files= command=${(Q)words[1]}
local -a candidates match mbegin mend
# Of the command's name only a folder at its beginning is expanded: ~ or the value of a variable. Nothing runs.
command=${command/#\~\//\$HOME/}
if [[ $command =~ '^\$\{?([A-Za-z_][A-Za-z_0-9]*)\}?(/.*)$' ]]; then
    command=${(P)${match[1]}}${match[2]}
fi
while IFS= read -r candidate; do
    if [[ $candidate == :files ]]; then
        files=1
    else
        # _describe separates a word from its description by a colon, and takes a backslash from either.
        candidate=${${candidate//\\/\\\\}//:/\\:}
        candidates+=("${candidate/$'\t'/:}")
    fi
done < <("$command" __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
[[ -z $files ]] || _files
(( ! $#candidates )) || _describe -V COMMAND candidates
