# The moment at which process $1 began, in clock ticks since boot; empty when it has ended. No other program is started: between
# this look and a signal lie some microseconds. The name in `stat` may hold anything, line breaks too.
began() {
  entry=
  {
    while IFS= read -r part; do
      entry="$entry $part"
    done <"/proc/$1/stat"
  } 2>/dev/null
  # shellcheck disable=SC2086
  set -- ${entry##*) }
  start=${20:-}
}

# Send signal $1 to $2, which is process $3 or its group, if this is still the process that began at $4.
send() {
  began "$3"
  [ "$start" = "$4" ] && kill -s "$1" -- "$2" 2>/dev/null
}
