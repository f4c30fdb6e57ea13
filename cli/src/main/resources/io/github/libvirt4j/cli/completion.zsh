#compdef COMMAND
# Completes words of COMMAND. The command itself knows the candidates.
local candidate files=
local -a candidates
while IFS= read -r candidate; do
    if [[ $candidate == :files ]]; then
        files=1
    else
        # _describe separates a word from its description by a colon.
        candidate=${candidate//:/\\:}
        candidates+=("${candidate/$'\t'/:}")
    fi
done < <("${(Q)words[1]}" __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)
[[ -z $files ]] || _files
(( ! $#candidates )) || _describe -V COMMAND candidates
