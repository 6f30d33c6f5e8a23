# Ends what a run leaves behind when Plimsoll itself is killed. Started with `sh -c`; $1 is the socket in the run's folder,
# or empty; $2 holds the run's marks, each a line NAME=value.
# Standard input is a pipe whose other end only Plimsoll holds: it closes when Plimsoll ends, in whatever way.
# Then every process with one of the marks in its environment is killed, with all below it, until none is left. Only the
# word "clean" before that says that there is none.
trap '' INT TERM HUP QUIT
marks=$2
while read -r word; do
  [ "$word" != clean ] || exit 0
done

# A process may hold the mark inside a longer value, so a hit of the fast search is looked at line by line.
marked() {
  for file in $(grep -lsF "$marks" /proc/[0-9]*/environ); do
    if tr '\000' '\n' 2>/dev/null <"$file" | grep -qxF "$marks"; then
      pid=${file#/proc/}
      echo "${pid%/environ}"
    fi
  done 2>/dev/null
}

# The marked processes and their descendants, zombies left out. The name in `stat` may hold blanks: cut it off.
victims() {
  roots=$(marked)
  [ -n "$roots" ] || return 0
  cat /proc/[0-9]*/stat 2>/dev/null | awk -v roots="$(echo $roots)" -v self=$$ '
    BEGIN { n = split(roots, list, " "); for (i = 1; i <= n; i++) hit[list[i]] = 1 }
    { pid = $1; sub(/.*\) /, ""); state[pid] = $1; parent[pid] = $2 }
    END {
      do {
        grown = 0
        for (p in parent) if (!(p in hit) && (parent[p] in hit)) { hit[p] = 1; grown = 1 }
      } while (grown)
      for (p in hit) if (p != self && (p in state) && state[p] !~ /[ZX]/) print p
    }'
}

# A process shows no environment for a moment while it executes another program, so one empty look is not enough.
rounds=0
empty=0
while [ "$rounds" -lt 50 ]; do
  pids=$(victims)
  if [ -z "$pids" ]; then
    if [ "$empty" -ne 0 ]; then
      [ -z "$1" ] || { rm -f "$1" && rmdir "${1%/*}"; } 2>/dev/null
      exit 0
    fi
    empty=1
    sleep 0.02
    continue
  fi
  empty=0
  kill -9 $pids 2>/dev/null
  rounds=$((rounds + 1))
  [ "$rounds" -lt 3 ] || sleep 0.1
done
exit 1
