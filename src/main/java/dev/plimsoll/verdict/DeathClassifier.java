package dev.plimsoll.verdict;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Shortage;
import dev.plimsoll.report.ShortageText;
import dev.plimsoll.verdict.LogTrace.DaemonKill;
import dev.plimsoll.verdict.LogTrace.Fault;
import dev.plimsoll.verdict.LogTrace.OomKill;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Classify the death of a worker or of a browser from its evidence.
///
/// The order of the questions matters. Was it us? The journal is written before the signal, so it
/// says so. Is there a record that names this process: a log line with its pid (where log and we
/// number processes alike) or with its own control group, or its group's own kill counter? Then it
/// is proven; strong where children of the worker in that group may have been meant. Otherwise only
/// a SIGKILL can be the kernel's: with the kernel-wide counter risen, one worker dead and nobody
/// else named for that kill, the evidence is strong; with several dead, or plenty of free memory in
/// each sample, it is likely at most. A counter that can be read and did not rise proves that the
/// kernel did *not* kill for memory: such a SIGKILL is of unknown origin however short memory was.
/// An exit status of 137 is no signal. Levels: see {@link Certainty}.
public final class DeathClassifier {
  private static final String FREE_MEMORY =
      "run it alone or with a higher estimate: `@pytest.mark.plimsoll(memory=\"...\")`";

  private static final String SMALLER =
      "use fewer workers, close what the test no longer needs, or make the page smaller";

  private static final String CRASHED =
      "look for a full `/dev/shm` or `/tmp` (`df -h`), for a test that kills browsers, and for a"
          + " known crash of this browser's version";

  /// A worker's own cgroup is limited to the run's budget.
  private static final String MORE_BUDGET =
      "make the test smaller, or give the run more memory (`--memory`, or a higher limit of its"
          + " container)";

  /// A group is killed process by process, each with a line of its own: some are enough.
  private static final int LINES = 3;

  private final DeathEvidence death;
  private final boolean isBrowser;
  private final List<String> facts = new ArrayList<>();

  private DeathClassifier(DeathEvidence death) {
    this.death = death;
    this.isBrowser = death.kind() == DeathEvidence.Kind.BROWSER;
  }

  public static Verdict examine(DeathEvidence death) {
    var classifier = new DeathClassifier(death);
    classifier.collectFacts();
    return classifier.judge();
  }

  private Verdict judge() {
    return own().or(this::namedByDaemon).or(this::namedByKernel).orElseGet(this::byEnding);
  }

  private Optional<Verdict> own() {
    return switch (death.ownKill()) {
      case KillReason.Preemption(Shortage shortage) ->
          Optional.of(
              verdict(
                  Cause.PREEMPTED,
                  Certainty.PROVEN,
                  "was killed by Plimsoll: " + ShortageText.of(shortage),
                  ""));
      case KillReason.Oversize(Shortage shortage) ->
          Optional.of(
              verdict(
                  Cause.TOO_LARGE,
                  Certainty.PROVEN,
                  "was killed by Plimsoll: the test ran alone, and " + ShortageText.of(shortage),
                  ShortageText.hint(shortage)));
      case KillReason.Timeout() ->
          Optional.of(
              verdict(
                  Cause.TIMED_OUT,
                  Certainty.PROVEN,
                  "was killed by Plimsoll: the test exceeded its time limit",
                  "raise `--timeout`, or the test's own limit, if it needs the time"));
      case KillReason.StuckInFork() ->
          Optional.of(
              verdict(
                  Cause.STUCK_IN_FORK,
                  Certainty.PROVEN,
                  "was killed by Plimsoll: each of its threads waited without a timeout for"
                      + " another of its threads, as happens when a lock was held or a pool was"
                      + " alive at a fork",
                  "start with `--engine spawn`, or `engine = \"spawn\"` in the settings"));
      case KillReason.Deadlock() ->
          Optional.of(
              verdict(
                  Cause.DEADLOCKED,
                  Certainty.PROVEN,
                  "was killed by Plimsoll: each of its threads waited without a timeout for"
                      + " another of its own",
                  "the stack shows which lock the test waits for"));
      case KillReason.Crossed() ->
          Optional.of(
              verdict(
                  Cause.STOPPED,
                  Certainty.PROVEN,
                  "was killed by Plimsoll because of the previous test, which ended at that moment",
                  ""));
      case KillReason.None() -> Optional.empty();
    };
  }

  private Optional<Verdict> namedByDaemon() {
    if (!death.ending().mayBe(SignalNames.KILL) && !death.ending().mayBe(SignalNames.TERM)) {
      return Optional.empty();
    }
    return death.log().traces().stream()
        .filter(DaemonKill.class::isInstance)
        .map(DaemonKill.class::cast)
        .filter(this::isOurs)
        .findFirst()
        .map(kill ->
            verdict(
                Cause.MEMORY_DAEMON,
                Certainty.PROVEN,
                "was killed by " + kill.daemon() + " because memory ran short",
                "lower `--memory` so that " + kill.daemon() + " need not act; " + freeMemory()));
  }

  private boolean isOurs(DaemonKill kill) {
    return isOurs(kill.pid()) || isOwnCgroup(kill.cgroup());
  }

  private Optional<Verdict> namedByKernel() {
    if (!death.ending().mayBe(SignalNames.KILL)) {
      return Optional.empty();
    }
    if (kills().anyMatch(this::names)) {
      return Optional.of(killedByKernel(Certainty.PROVEN));
    }
    boolean inCgroup =
        death.ownKills().orElse(0) > 0
            || ((isBrowser || !death.log().samePids())
                && kills().anyMatch(kill -> isOwnCgroup(kill.cgroup())));
    return inCgroup && !isExplainedByChildren()
        ? Optional.of(
            killedByKernel(death.children().isEmpty() ? Certainty.PROVEN : Certainty.STRONG))
        : Optional.empty();
  }

  private Verdict killedByKernel(Certainty certainty) {
    String what = "was killed by the kernel: " + exhausted() + lastSize();
    boolean atLimit = ownKill().filter(this::isAtOwnLimit).isPresent();
    String advice = atLimit && !isBrowser ? MORE_BUDGET : freeMemory();
    return verdict(Cause.OUT_OF_MEMORY, certainty, what, advice);
  }

  /// The kernel's line about this worker.
  private Optional<OomKill> ownKill() {
    return kills().filter(kill -> names(kill) || isOwnCgroup(kill.cgroup())).findFirst();
  }

  private boolean isAtOwnLimit(OomKill kill) {
    return kill.inCgroup() && isOwnCgroup(kill.limitedBy());
  }

  /// What was full, where the kernel's log says so.
  private String exhausted() {
    return ownKill()
        .map(kill ->
            !kill.inCgroup()
                ? "the machine was out of memory"
                : isAtOwnLimit(kill)
                    ? "out of memory, at the limit of its cgroup, the run's budget"
                    : kill.limitedBy().isEmpty()
                        ? "out of memory, at the limit of its cgroup"
                        : "out of memory, at the limit of cgroup `" + kill.limitedBy() + "`")
        .orElse("out of memory");
  }

  private String lastSize() {
    return death.size().isPositive() ? "; it held " + death.size() + " when last seen" : "";
  }

  private Stream<OomKill> kills() {
    return death.log().traces().stream().filter(OomKill.class::isInstance).map(OomKill.class::cast);
  }

  private boolean names(OomKill kill) {
    return isOurs(kill.pid());
  }

  private boolean isOurs(long pid) {
    return death.log().samePids() && death.pids().contains(pid);
  }

  private String freeMemory() {
    return isBrowser ? SMALLER : FREE_MEMORY;
  }

  /// The kernel's log is complete and names children of the worker for every kill in its group: the
  /// counter then says nothing about the worker itself.
  private boolean isExplainedByChildren() {
    LogView log = death.log();
    long children = kills().filter(kill -> isOwnCgroup(kill.cgroup()) && !names(kill)).count();
    return !isBrowser
        && log.readable()
        && !log.gap()
        && log.samePids()
        && children >= death.ownKills().orElse(0);
  }

  private boolean isOwnCgroup(String path) {
    return !death.cgroup().isEmpty()
        && (path.endsWith("/" + death.cgroup()) || path.contains("/" + death.cgroup() + "/"));
  }

  private Verdict byEnding() {
    return switch (death.ending()) {
      case ProcessEnd.Signal(int number) ->
          number == SignalNames.KILL ? byCounter(Certainty.STRONG) : signal(number);
      case ProcessEnd.SignalOrExit(int status) ->
          status == 128 + SignalNames.KILL ? byCounter(Certainty.LIKELY) : ambiguous(status);
      case ProcessEnd.Exit(int status) -> exit(status);
      case ProcessEnd.Unreported() -> fault().orElseGet(() -> byCounter(Certainty.LIKELY));
    };
  }

  /// @param best the level that this ending allows at most
  private Verdict byCounter(Certainty best) {
    boolean ownIsFlat = death.ownKills().isPresent() && death.ownKills().getAsLong() == 0;
    if (ownIsFlat) {
      facts.add("the kernel counts no memory kill in its own cgroup");
      return killed();
    }
    if (death.machine().kills().isEmpty()) {
      return death.machine().wasShort() ? likely() : killed();
    }
    long unexplained = death.machine().kills().getAsLong() - killsOfOthers();
    if (unexplained <= 0) {
      return killed();
    }
    boolean alone = death.deaths() == 1 && !death.machine().hadPlenty();
    return alone && best == Certainty.STRONG ? killedByKernel(Certainty.STRONG) : likely();
  }

  /// Kills that the log gives to other processes, as it names none of ours; 0 when pids cannot be
  /// compared.
  private long killsOfOthers() {
    return death.log().samePids() ? kills().count() : 0;
  }

  private Verdict likely() {
    return verdict(
        Cause.OUT_OF_MEMORY,
        Certainty.LIKELY,
        isBrowser
            ? "died, likely for lack of memory"
            : "was killed, likely by the kernel for memory",
        freeMemory());
  }

  private Verdict killed() {
    if (isBrowser) {
      return verdict(
          Cause.VANISHED,
          Certainty.UNKNOWN,
          "died, and nothing shows that memory was short",
          CRASHED);
    }
    Cause cause = death.ending() instanceof ProcessEnd.Unreported ? Cause.VANISHED : Cause.KILLED;
    String what =
        cause == Cause.VANISHED
            ? "is gone, and nothing shows how it ended"
            : "was killed by SIGKILL of unknown origin";
    return verdict(
        cause,
        Certainty.UNKNOWN,
        what,
        "look for `kill -9` in the test, a CI time limit, or another user");
  }

  private Stream<LogTrace> faults() {
    return death.log().traces().stream()
        .filter(trace -> trace instanceof Fault(long pid, _, _) && isOurs(pid));
  }

  /// The kernel's log has a fault of a process of which nobody reported the end.
  private Optional<Verdict> fault() {
    return faults()
        .findFirst()
        .map(trace -> {
          facts.add("kernel log: " + trace.line());
          return verdict(
              Cause.SIGNAL,
              Certainty.PROVEN,
              "crashed by a fault of its own",
              isBrowser ? CRASHED : "run the test alone with `python -X faulthandler`");
        });
  }

  private Verdict signal(int number) {
    faults().forEach(trace -> facts.add("kernel log: " + trace.line()));
    return verdict(
        Cause.SIGNAL,
        Certainty.PROVEN,
        "was ended by " + SignalNames.name(number),
        SignalNames.advice(number));
  }

  private Verdict ambiguous(int status) {
    return verdict(
        Cause.SIGNAL,
        Certainty.LIKELY,
        "ended with " + status + ": " + SignalNames.name(status - 128) + ", or that exit status",
        SignalNames.advice(status - 128));
  }

  private Verdict exit(int status) {
    String note =
        status == 128 + SignalNames.KILL
            ? " (an exit status, not a SIGKILL: a shell reports a killed child in this way)"
            : "";
    return verdict(
        Cause.EXIT,
        Certainty.PROVEN,
        "exited with status " + status + note,
        "look for `os._exit` or `exit` in the test or in a library that it calls");
  }

  private void collectFacts() {
    MachineMemory machine = death.machine();
    kills()
        .filter(kill -> names(kill) || isOwnCgroup(kill.cgroup()))
        .sorted(Comparator.comparing(kill -> !names(kill)))
        .map(kill -> "kernel log: " + kill.line())
        .distinct()
        .limit(LINES)
        .forEach(facts::add);
    death.log().traces().stream()
        .filter(trace -> trace instanceof DaemonKill kill && isOurs(kill))
        .forEach(trace -> facts.add("log: " + trace.line()));
    death.ownKills().ifPresent(n -> addIf(n > 0, "its cgroup counts " + n + " killed for memory"));
    machine
        .kills()
        .ifPresent(n ->
            facts.add(
                "the kernel killed %s for lack of memory at that time"
                    .formatted(n == 0 ? "nothing" : n)));
    addIf(death.deaths() > 1, death.deaths() + " workers died by SIGKILL at that time");
    addIf(
        machine.total().isPositive(),
        "at least " + machine.leastFree() + " of " + machine.total() + " stayed free");
    addIf(
        death.size().isPositive(),
        "it held " + death.size() + " when last seen" + grown(death.growth()));
    // For a kill of ours nobody looked.
    boolean asked = death.ownKill().isNone();
    addIf(asked && !death.log().readable(), "the kernel log is not readable here");
    addIf(death.log().gap(), "the kernel log has a gap: records were overwritten");
  }

  private void addIf(boolean holds, String fact) {
    if (holds) {
      facts.add(fact);
    }
  }

  private static String grown(Bytes growth) {
    return growth.isPositive() ? ", " + growth + " of it since the test began" : "";
  }

  private Verdict verdict(Cause cause, Certainty certainty, String what, String advice) {
    return new Verdict(cause, certainty, death.who(), what, facts, advice);
  }
}
