# bash completion for plimsoll
_plimsoll() {
  local line="${COMP_LINE:0:COMP_POINT}" word candidate prefix files=
  local -a words
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  word="${words[${#words[@]}-1]}"
  # bash completes only what follows the last `:` or `=`
  prefix="${word%"${word##*[:=]}"}"
  COMPREPLY=()
  while IFS= read -r candidate; do
    if [[ $candidate == ":files" ]]; then
      files=1
    else
      COMPREPLY+=("${candidate#"$prefix"}")
    fi
  done < <("${words[0]}" complete -- "${words[@]:1}" 2> /dev/null)
  if [[ -n $files ]]; then
    compopt -o filenames 2> /dev/null
    while IFS= read -r candidate; do
      COMPREPLY+=("$candidate")
    done < <(compgen -f -- "${word##*[:=]}")
  fi
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[:=] ]] && compopt -o nospace 2> /dev/null
  return 0
}
complete -F _plimsoll plimsoll
