package dev.plimsoll.run.journal;

import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.kernellog.KernelLog;
import dev.plimsoll.verdict.LogTrace;
import dev.plimsoll.verdict.LogView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Says what became of the run that is resumed: when its last sign of life was, what ran then, and
/// what the kernel's log or a restart tell about its death.
public final class Resumption {
  private static final int SHOWN = 8;

  /// What the kernel logged a moment before the run's last line may have been its reason.
  private static final Duration LEEWAY = Duration.ofSeconds(5);

  private Resumption() {}

  /// Lines for the user.
  public static List<String> report(Unfinished before) {
    var lines = new ArrayList<String>();
    lines.add(
        "the run before ("
            + before.run()
            + ") did not finish; its last journal entry is from "
            + before.last());
    if (!before.boot().equals(Boot.id())) {
      lines.add("the machine or WSL was restarted since then");
    }
    if (!before.open().isEmpty()) {
      var shown = before.open().stream().limit(SHOWN).toList();
      int more = before.open().size() - shown.size();
      lines.add(
          "these tests were running: "
              + String.join(", ", shown)
              + (more > 0 ? " and " + more + " more" : ""));
    }
    before
        .verdicts()
        .forEach(verdict -> lines.add("it saw: " + verdict.lines().findFirst().orElse("")));
    lines.addAll(kernelTraces(before));
    lines.add(before.ended().size() + " tests have an outcome and do not run again");
    return lines;
  }

  private static List<String> kernelTraces(Unfinished before) {
    if (!before.boot().equals(Boot.id())) {
      return List.of();
    }
    try (KernelLog log = KernelLog.open(SystemRoot.system())) {
      LogView view = log.since(before.last().minus(LEEWAY), Duration.ZERO, trace -> true);
      return view.traces().stream()
          .filter(trace -> concerns(trace, before.pid(), view.samePids()))
          .limit(SHOWN)
          .map(trace -> "the kernel log says: " + trace.line())
          .toList();
    }
  }

  /// Whether a trace may tell of the end of that run: the whole machine was short, or it names the
  /// run's own process or one in its groups. Others on the machine reach limits of their own.
  static boolean concerns(LogTrace trace, long pid, boolean samePids) {
    return switch (trace) {
      case LogTrace.OomKill kill ->
          !kill.inCgroup()
              || kill.cgroup().contains("/plimsoll-" + pid + "-")
              || (samePids ? kill.pid() == pid : !kill.cgroup().contains("/plimsoll-"));
      case LogTrace.DaemonKill daemon -> true;
      case LogTrace.Fault fault -> false;
    };
  }
}
