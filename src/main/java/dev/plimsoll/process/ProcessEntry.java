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
/// @param flags of the kernel, `PF_*`
public record ProcessEntry(
    ProcessKey key, long parent, long group, long session, String name, char state, long flags) {

  /// Positions in the line, as proc_pid_stat(5) counts them.
  private static final int PARENT = 4;

  private static final int FLAGS = 9;
  private static final int START = 22;

  /// `PF_KTHREAD` in include/linux/sched.h of the kernel.
  private static final long KERNEL_THREAD = 0x0020_0000;

  public long pid() {
    return key.pid();
  }

  /// Whether it has ended and only waits to be collected by its parent.
  public boolean isZombie() {
    return state == 'Z' || state == 'X';
  }

  /// Whether it is a part of the kernel, which has no program and no environment.
  boolean isKernelThread() {
    return (flags & KERNEL_THREAD) != 0;
  }

  /// Whether it is the same process, with the same place in its tree.
  boolean isPlacedAs(ProcessEntry other) {
    return key.equals(other.key) && parent == other.parent && isZombie() == other.isZombie();
  }

  /// Parse `/proc/PID/stat`. The name stands in parentheses and may itself hold blanks and
  /// parentheses, so the last `)` ends it (proc_pid_stat(5)).
  static Optional<ProcessEntry> parse(String stat) {
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')');
    if (open < 1 || close < open || close + 2 >= stat.length()) {
      return Optional.empty();
    }
    try {
      long[] numbers = numbers(stat, close + 4);
      return Optional.of(
          new ProcessEntry(
              new ProcessKey(
                  Long.parseLong(stat.substring(0, open).strip()), numbers[START - PARENT]),
              numbers[0],
              numbers[1],
              numbers[2],
              stat.substring(open + 1, close),
              stat.charAt(close + 2),
              numbers[FLAGS - PARENT]));
    } catch (NumberFormatException | IndexOutOfBoundsException strange) {
      return Optional.empty();
    }
  }

  /// The fields from that of the parent to that of the start.
  private static long[] numbers(String stat, int from) {
    long[] numbers = new long[START - PARENT + 1];
    int at = from;
    for (int i = 0; i < numbers.length; i++) {
      int end = stat.indexOf(' ', at);
      numbers[i] = Long.parseLong(stat, at, end, 10);
      at = end + 1;
    }
    return numbers;
  }
}
