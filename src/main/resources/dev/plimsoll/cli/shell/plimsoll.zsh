#compdef plimsoll
_plimsoll() {
  local candidate files
  local -a candidates open
  for candidate in "${(@f)$("${(Q)words[1]}" complete -- "${(@Q)words[2,CURRENT]}" 2> /dev/null)}"; do
    if [[ $candidate == ":files" ]]; then
      files=1
    elif [[ $candidate == *[:=] ]]; then
      open+=("$candidate")
    elif [[ -n $candidate ]]; then
      candidates+=("$candidate")
    fi
  done
  compadd -a candidates
  compadd -S '' -a open
  [[ -n $files ]] && _files
  return 0
}
if [[ ${funcstack[1]} == _plimsoll ]]; then
  _plimsoll "$@"
else
  compdef _plimsoll plimsoll
fi
