# Ends what a run leaves behind when Plimsoll itself is killed. Started with `sh -c` after signal.sh; $1 is the socket in the run's folder,
# or empty; $2 holds the run's marks, each a line NAME=value.
# Standard input is a pipe whose other end only Plimsoll holds: it closes when Plimsoll ends, in whatever way.
# Then every process with one of the marks in its environment is killed, with all below it, until none is left. Only the
# word "clean" before that says that there is none.
trap '' INT TERM HUP QUIT
marks=$2
while read -r word; do
  [ "$word" != clean ] || exit 0
done

# Number and start of each marked process. A process may hold the mark inside a longer value, so a hit of the fast search is
# looked at line by line.
marked() {
  for file in $(grep -lsF "$marks" /proc/[0-9]*/environ); do
    if tr '\000' '\n' 2>/dev/null <"$file" | grep -qxF "$marks"; then
      pid=${file#/proc/}
      pid=${pid%/environ}
      began "$pid"
      echo "$pid $start"
    fi
  done 2>/dev/null
}

# Number and start of the marked processes and their descendants, zombies left out. All processes are listed before the marks are
# looked for: a number that has changed hands since has another start, and neither it nor what is below it counts. A child
# is not older than its parent. An entry is whole when enough fields follow its name, which may hold line breaks.
victims() {
  all=$(cat /proc/[0-9]*/stat 2>/dev/null)
  roots=$(marked)
  [ -n "$roots" ] || return 0
  echo "$all" | awk -v roots="$(echo $roots)" -v self=$$ '
    BEGIN { n = split(roots, list, " "); for (i = 1; i < n; i += 2) root[list[i]] = list[i + 1] }
    {
      text = text $0 " "
      rest = text
      sub(/.*\) /, "", rest)
      if (split(rest, field, " ") < 40) next
      pid = text + 0
      text = ""
      state[pid] = field[1]; parent[pid] = field[2]; start[pid] = field[20]
    }
    END {
      for (p in root) if (start[p] == root[p]) hit[p] = 1
      do {
        grown = 0
        for (p in parent) if (!(p in hit) && (parent[p] in hit) && start[p] + 0 >= start[parent[p]] + 0) { hit[p] = 1; grown = 1 }
      } while (grown)
      for (p in hit) if (p != self && state[p] !~ /[ZX]/) print p, start[p]
    }'
}

# Kill processes, given as pairs of number and start.
end() {
  while [ $# -gt 1 ]; do
    send KILL "$1" "$1" "$2"
    shift 2
  done
}

# A process shows no environment for a moment while it executes another program, so one empty look is not enough.
rounds=0
empty=0
while [ "$rounds" -lt 50 ]; do
  found=$(victims)
  if [ -z "$found" ]; then
    if [ "$empty" -ne 0 ]; then
      [ -z "$1" ] || { rm -f "$1" && rmdir "${1%/*}"; } 2>/dev/null
      exit 0
    fi
    empty=1
    sleep 0.02
    continue
  fi
  empty=0
  # shellcheck disable=SC2086
  end $found
  rounds=$((rounds + 1))
  [ "$rounds" -lt 3 ] || sleep 0.1
done
exit 1
