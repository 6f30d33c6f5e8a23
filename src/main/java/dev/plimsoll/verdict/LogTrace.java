package dev.plimsoll.verdict;

import dev.plimsoll.model.Bytes;

/// A line of a log that tells of a killed or faulting process.
public sealed interface LogTrace {
  /// The line itself, as it is shown as evidence.
  String line();

  /// The kernel killed a process for memory.
  ///
  /// @param pid number in the kernel's first pid namespace
  /// @param name the kernel's name of the process
  /// @param inCgroup whether a control group's limit was the reason, not the whole machine
  /// @param cgroup control group of the killed process; empty when the log does not tell
  /// @param limitedBy control group whose limit was met; empty when the log does not tell
  /// @param anonymous memory of its own that the process held; zero when the log does not tell
  record OomKill(
      long pid,
      String name,
      boolean inCgroup,
      String cgroup,
      String limitedBy,
      Bytes anonymous,
      String line)
      implements LogTrace {}

  /// A program such as earlyoom killed a process (`pid` above 0) or systemd-oomd a whole control
  /// group (`group` not empty).
  record DaemonKill(String daemon, long pid, String cgroup, String line) implements LogTrace {}

  /// The kernel reports a fault of a process: a segmentation fault, an invalid instruction.
  record Fault(long pid, String name, String line) implements LogTrace {}
}
