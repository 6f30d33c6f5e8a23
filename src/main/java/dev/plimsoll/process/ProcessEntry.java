package dev.plimsoll.process;

import dev.plimsoll.model.ProcessKey;
import java.util.Optional;

/// A line of the process table, from `/proc/PID/stat`.
///
/// @param parent pid of the parent
/// @param group process group
/// @param session session
/// @param name the kernel's name of the process, at most 15 bytes
/// @param state one letter: `R`, `S`, `D`, `T` (stopped), `Z` (zombie), ...
public record ProcessEntry(
    ProcessKey key, long parent, long group, long session, String name, char state) {

  public long pid() {
    return key.pid();
  }

  /// Whether it has ended and only waits to be collected by its parent.
  public boolean isZombie() {
    return state == 'Z' || state == 'X';
  }

  /// Parse `/proc/PID/stat`. The name stands in parentheses and may itself hold blanks and
  /// parentheses, so the last `)` ends it (proc_pid_stat(5)).
  static Optional<ProcessEntry> parse(String stat) {
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')');
    if (open < 1 || close < open || close + 2 >= stat.length()) {
      return Optional.empty();
    }
    String[] rest = stat.substring(close + 2).split(" ", -1);
    if (rest.length < 20) {
      return Optional.empty();
    }
    try {
      long pid = Long.parseLong(stat.substring(0, open).strip());
      return Optional.of(
          new ProcessEntry(
              new ProcessKey(pid, Long.parseLong(rest[19])),
              Long.parseLong(rest[1]),
              Long.parseLong(rest[2]),
              Long.parseLong(rest[3]),
              stat.substring(open + 1, close),
              rest[0].charAt(0)));
    } catch (NumberFormatException strange) {
      return Optional.empty();
    }
  }
}
