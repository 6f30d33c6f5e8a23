# fish completion for plimsoll
function __plimsoll_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    for candidate in (command $words[1] complete -- $words[2..-1] "$word" 2> /dev/null)
        if test "$candidate" = ":files"
            __fish_complete_path "$word"
        else
            echo $candidate
        end
    end
end
complete -c plimsoll -f -a '(__plimsoll_complete)'
