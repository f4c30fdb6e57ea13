# Completes words of COMMAND. The command itself knows the candidates.
function __COMMAND_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
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
