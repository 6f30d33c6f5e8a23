# shellcheck shell=sh
# For ./plimsoll and bin/lib/train.sh: start an interpreter before the Java that this shell then becomes by `exec`
# (docs/decisions/0062-the-interpreter-starts-early.md). Java takes it over with two pipes, descriptors 4 (its orders) and 5
# (what it prints), when it gets `$started` as its property plimsoll.early; it ends when Java does not.

# Sets `python` and `plugin` to what the last run in this folder left word of; false when there is nothing to start, or when
# another user left it.
word() {
  [ -O .plimsoll/early ] && [ -O .plimsoll ] && {
    IFS= read -r python
    IFS= read -r plugin
  } 2>/dev/null <.plimsoll/early && [ -x "$python" ] && [ -d "$plugin" ]
}

# Starts `$python` and sets `started` to its pid, that of a child whose end Java knows, its mark, the interpreter and the
# plugin's folder, a line each; leaves it empty where that cannot be done.
#
# A pipe without a process: a here-document of a line is one in most shells (the line is read off), and what Linux lists as
# an open file can be opened once more, here for writing.
start_python() {
  started=
  { read -r mark; } 2>/dev/null </proc/sys/kernel/random/uuid || return 0
  # Older shells make a file of it, for which there may be no room, and `exec` would end the script then.
  true 2>/dev/null 3<<END || return 0
line
END
  exec 3<<END 5<<END
line
END
line
END
  if [ -p /proc/self/fd/3 ] && [ -p /proc/self/fd/5 ]; then
    read -r line <&3
    read -r line <&5
    exec 4>/proc/self/fd/3 6>/proc/self/fd/5
    # Shows Java whether the kernel tells how a child ended. It ends once this process is Java: some shells collect their
    # children at once.
    read -r name </proc/$$/comm
    (
      while read -r now </proc/$$/comm && [ "$now" = "$name" ]; do :; done
      exit 7
    ) 2>/dev/null 3<&- 4>&- 5<&- 6>&- &
    probe=$!
    PYTHONPATH=$plugin${PYTHONPATH:+:$PYTHONPATH} _PLIMSOLL_PATH=$plugin _PLIMSOLL_RUN=$mark \
      "$python" -c "__import__('plimsoll_pytest.early').early.wait()" <&3 >&6 2>&6 3<&- 4>&- 5<&- 6>&- &
    pid=$!
    started="$pid
$probe
$mark
$python
$plugin"
    exec 6>&-
  else
    exec 5<&-
  fi
  exec 3<&-
}
