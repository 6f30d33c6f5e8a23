package dev.plimsoll.verdict;

import dev.plimsoll.verdict.LogTrace.DaemonKill;
import dev.plimsoll.verdict.LogTrace.Fault;
import dev.plimsoll.verdict.LogTrace.OomKill;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Classify the death of a browser from its evidence.
///
/// Nobody reports how a browser's process ended: Playwright only sees that it is gone. So a cause
/// is proven only by a record: a line of the kernel's log with the pid of a process that this
/// worker had, or with its group, or the counter of that group. The kernel-wide counter alone makes
/// it likely at most, and a counter that can be read and did not rise shows that the kernel did
/// *not* kill for memory.
public final class BrowserDeathClassifier {
  private static final String SMALLER =
      "use fewer workers, close what the test no longer needs, or make the page smaller";
  private static final String CRASHED =
      "look for a full `/dev/shm` or `/tmp` (`df -h`), for a test that kills browsers, and"
          + " for a known crash of this browser's version";

  /// A browser dies process by process, each with a line of its own: some are enough.
  private static final int LINES = 3;

  private final BrowserDeath death;
  private final List<String> facts = new ArrayList<>();

  private BrowserDeathClassifier(BrowserDeath death) {
    this.death = death;
  }

  public static Verdict examine(BrowserDeath death) {
    return new BrowserDeathClassifier(death).judge();
  }

  private Verdict judge() {
    return byDaemon().or(this::byKernel).or(this::byFault).orElseGet(this::byCounters);
  }

  private Optional<Verdict> byDaemon() {
    return traces(DaemonKill.class)
        .filter(kill -> isOurs(kill.pid()) || isOwnCgroup(kill.cgroup()))
        .findFirst()
        .map(kill -> {
          facts.add("log: " + kill.line());
          return verdict(
              Cause.MEMORY_DAEMON,
              Certainty.PROVEN,
              "was killed by " + kill.daemon() + " because memory ran short",
              SMALLER);
        });
  }

  private Optional<Verdict> byKernel() {
    List<OomKill> named =
        traces(OomKill.class)
            .filter(kill -> isOurs(kill.pid()) || isOwnCgroup(kill.cgroup()))
            .toList();
    long counted = death.kills().orElse(0);
    if (named.isEmpty() && counted <= 0) {
      return Optional.empty();
    }
    named.stream().limit(LINES).forEach(kill -> facts.add("kernel log: " + kill.line()));
    if (counted > 0) {
      facts.add("its worker's control group counts " + counted + " killed for memory");
    }
    return Optional.of(
        verdict(
            Cause.OUT_OF_MEMORY,
            Certainty.PROVEN,
            "was killed by the kernel: out of memory",
            SMALLER));
  }

  private Optional<Verdict> byFault() {
    return traces(Fault.class)
        .filter(fault -> isOurs(fault.pid()))
        .findFirst()
        .map(fault -> {
          facts.add("kernel log: " + fault.line());
          return verdict(Cause.SIGNAL, Certainty.PROVEN, "crashed by a fault of its own", CRASHED);
        });
  }

  private Verdict byCounters() {
    boolean ownIsFlat = death.kills().isPresent();
    boolean flat = ownIsFlat || death.machine().kills().orElse(1) <= 0;
    boolean rose = !ownIsFlat && death.machine().kills().orElse(0) > 0;
    if (rose || (!flat && death.machine().wasShort())) {
      facts.add(
          rose
              ? "the kernel counts " + death.machine().kills().getAsLong() + " killed for memory"
              : "memory was short: at least " + death.machine().leastFree() + " stayed free");
      return verdict(
          Cause.OUT_OF_MEMORY, Certainty.LIKELY, "died, likely for lack of memory", SMALLER);
    }
    if (flat) {
      facts.add("the kernel counts no process killed for memory meanwhile");
    }
    return verdict(
        Cause.VANISHED,
        Certainty.UNKNOWN,
        "died, and nothing shows that memory was short",
        CRASHED);
  }

  private <T extends LogTrace> Stream<T> traces(Class<T> kind) {
    return death.log().traces().stream().filter(kind::isInstance).map(kind::cast);
  }

  private boolean isOurs(long pid) {
    return death.log().samePids() && death.pids().contains(pid);
  }

  private boolean isOwnCgroup(String path) {
    return !death.cgroup().isEmpty() && path.endsWith("/" + death.cgroup());
  }

  private Verdict verdict(Cause cause, Certainty certainty, String what, String advice) {
    String whose = "of worker " + death.worker() + " (in `" + death.test() + "`)";
    return new Verdict(cause, certainty, death.what() + " " + whose, what, facts, advice);
  }
}
