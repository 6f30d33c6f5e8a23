package dev.plimsoll.memory.kernellog;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.verdict.LogTrace;
import dev.plimsoll.verdict.LogTrace.DaemonKill;
import dev.plimsoll.verdict.LogTrace.Fault;
import dev.plimsoll.verdict.LogTrace.OomKill;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Find kills for memory in the lines of a kernel log, fed one after another.
///
/// A kill takes several lines, and they changed over the years (mm/oom_kill.c, mm/memcontrol.c):
///
/// - up to 4.20 `Task in /a killed as a result of limit of /b`, then `Memory cgroup out of memory:
///   Kill process 1 (x) score 9 or sacrifice child`, then `Killed process 2 (x) total-vm:...`,
///   where only the last one names the process that was killed;
/// - from 5.0 on `oom-kill:constraint=...,oom_memcg=/b,task_memcg=/a,task=x,pid=1,uid=0`, then
///   `Memory cgroup out of memory: Killed process 1 (x) total-vm:...`;
/// - with `memory.oom.group` also `Tasks in /a are going to be killed due to memory.oom.group set`
///   and one kill line for each;
/// - later `oom_reaper: reaped process 1 (x), ...`, which is all that is left when the lines before
///   were overwritten.
///
/// Names may hold blanks and parentheses. Lines of earlyoom and systemd-oomd are understood too.
final class KernelLogParser {
  private static final Pattern KILLED =
      Pattern.compile(
          "Killed process (\\d+),?(?: UID \\d+,)? \\((.*?)\\),?(?: UID:? ?\\d+,?)? "
              + "total-vm:\\d+kB(?:, anon-rss:(\\d+)kB)?");
  private static final Pattern REAPED =
      Pattern.compile("oom_reaper: reaped process (\\d+) \\((.*)\\), now .*");
  private static final Pattern TASK =
      Pattern.compile("Task in (.+) killed as a result of limit of (.+)");
  private static final Pattern WHOLE_GROUP =
      Pattern.compile("Tasks in (.+) are going to be killed due to memory\\.oom\\.group set");
  private static final Pattern FAULT =
      Pattern.compile("(?:traps: )?(.+)\\[(\\d+)\\]:? (?:segfault at|general protection|trap ).*");
  private static final Pattern EARLYOOM =
      Pattern.compile("(?:sending SIG(?:TERM|KILL) to|killing) process (\\d+) .*");
  private static final Pattern OOMD = Pattern.compile("Killed (/\\S+) due to .*");

  private final Set<Long> reported = new LinkedHashSet<>();
  private boolean inGroup;
  private String group = "";
  private String limitedBy = "";

  /// The trace that this message (without time stamp and host) completes.
  Optional<LogTrace> accept(String message) {
    if (message.startsWith("oom-kill:constraint=")) {
      constraint(message);
      return Optional.empty();
    }
    if (remember(message)) {
      return Optional.empty();
    }
    return killed(message).or(() -> reaped(message)).or(() -> fault(message));
  }

  /// The trace in a message of a memory daemon.
  static Optional<LogTrace> daemon(String daemon, String message) {
    Matcher early = EARLYOOM.matcher(message);
    if (early.matches()) {
      return Optional.of(new DaemonKill(daemon, Long.parseLong(early.group(1)), "", message));
    }
    Matcher oomd = OOMD.matcher(message);
    return oomd.matches()
        ? Optional.of(new DaemonKill(daemon, 0, oomd.group(1), message))
        : Optional.empty();
  }

  private void constraint(String message) {
    inGroup = message.contains("constraint=CONSTRAINT_MEMCG");
    group = field(message, ",task_memcg=", ",task=");
    limitedBy = inGroup ? field(message, ",oom_memcg=", ",task_memcg=") : "";
  }

  /// Values are not escaped, so a field ends where the name of the next one stands.
  private static String field(String message, String name, String next) {
    int start = message.indexOf(name);
    int end = message.indexOf(next, start + 1);
    return start < 0 || end < 0 ? "" : message.substring(start + name.length(), end);
  }

  private boolean remember(String message) {
    Matcher task = TASK.matcher(message);
    if (task.matches()) {
      inGroup = true;
      group = task.group(1);
      limitedBy = task.group(2);
      return true;
    }
    Matcher whole = WHOLE_GROUP.matcher(message);
    if (whole.matches()) {
      group = whole.group(1);
      return true;
    }
    if (message.contains("invoked oom-killer:")) {
      inGroup = false;
      group = "";
      limitedBy = "";
      return true;
    }
    return false;
  }

  private Optional<LogTrace> killed(String message) {
    Matcher killed = KILLED.matcher(message);
    if (!killed.find()) {
      return Optional.empty();
    }
    long pid = Long.parseLong(killed.group(1));
    reported.add(pid);
    String anonymous = killed.group(3);
    boolean byGroup = inGroup || message.startsWith("Memory cgroup out of memory");
    return Optional.of(
        new OomKill(
            pid,
            killed.group(2),
            byGroup,
            group,
            limitedBy,
            anonymous == null ? Bytes.ZERO : Bytes.kib(Long.parseLong(anonymous)),
            message));
  }

  /// Only when the kill itself was not seen.
  private Optional<LogTrace> reaped(String message) {
    Matcher reaped = REAPED.matcher(message);
    if (!reaped.matches() || reported.remove(Long.parseLong(reaped.group(1)))) {
      return Optional.empty();
    }
    return Optional.of(
        new OomKill(
            Long.parseLong(reaped.group(1)), reaped.group(2), false, "", "", Bytes.ZERO, message));
  }

  private static Optional<LogTrace> fault(String message) {
    Matcher fault = FAULT.matcher(message);
    return fault.matches()
        ? Optional.of(new Fault(Long.parseLong(fault.group(2)), fault.group(1), message))
        : Optional.empty();
  }
}
