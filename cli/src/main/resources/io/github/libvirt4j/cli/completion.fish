# Completes words of COMMAND. The command itself knows the candidates.
function __COMMAND_complete
    set -l words (commandline -opc)
    # Of the command's name only a folder at its beginning is expanded: ~ or the value of a variable. Nothing runs.
    set words[1] (string replace -r '^~/' '\\$HOME/' -- $words[1])
    if set -l parts (string match -r '^\$(\w+)(/.*)' -- $words[1])
        set words[1] $$parts[2]$parts[3]
    end
    # A quote may be open.
    set -l word (commandline -ct)
    set word (string unescape -- $word; or string unescape -- $word\"; or string unescape -- $word\')
    test -n "$word"; or set word ''
    for candidate in ($words[1] __complete $words[2..-1] $word 2>/dev/null)
        if test $candidate = :files
            __fish_complete_path $word
        else
            echo $candidate
        end
    end
end
complete -c COMMAND -f -a '(__COMMAND_complete)'
