package dev.plimsoll.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Shortage;
import dev.plimsoll.verdict.LogTrace.DaemonKill;
import dev.plimsoll.verdict.LogTrace.Fault;
import dev.plimsoll.verdict.LogTrace.OomKill;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DeathClassifierTest {
  private static final long PID = 500;
  private static final String WORKER_CGROUP = "plimsoll-9-9-gw0";
  private static final Shortage SHORT = new Shortage.RunBudget(Bytes.gib(2), Bytes.gib(1));
  private static final ProcessEnd SIGKILL = new ProcessEnd.Signal(9);
  private static final OptionalLong NOT_KEPT = OptionalLong.empty();
  private static final LogView QUIET = new LogView(true, false, true, List.of());

  private static OomKill kill(long pid, String group) {
    return new OomKill(pid, "python3", true, group, group, Bytes.gib(1), "Killed process " + pid);
  }

  private static LogView log(LogTrace... traces) {
    return new LogView(true, false, true, List.of(traces));
  }

  private static LogView container(LogTrace... traces) {
    return new LogView(true, false, false, List.of(traces));
  }

  /// A death with usual values, changed step by step.
  private record Case(
      ProcessEnd ending,
      KillReason own,
      OptionalLong ownKills,
      OptionalLong kills,
      int deaths,
      Bytes leastFree,
      LogView log,
      Set<Long> children) {
    static Case of(ProcessEnd ending) {
      return new Case(
          ending, new KillReason.None(), NOT_KEPT, NOT_KEPT, 1, Bytes.gib(2), QUIET, Set.of());
    }

    Case own(KillReason kill) {
      return new Case(ending, kill, ownKills, kills, deaths, leastFree, log, children);
    }

    Case counted(long n) {
      return new Case(ending, own, OptionalLong.of(n), kills, deaths, leastFree, log, children);
    }

    Case machine(long n) {
      return new Case(ending, own, ownKills, OptionalLong.of(n), deaths, leastFree, log, children);
    }

    Case deaths(int n) {
      return new Case(ending, own, ownKills, kills, n, leastFree, log, children);
    }

    Case free(Bytes least) {
      return new Case(ending, own, ownKills, kills, deaths, least, log, children);
    }

    Case log(LogView view) {
      return new Case(ending, own, ownKills, kills, deaths, leastFree, view, children);
    }

    Case children(Long... pids) {
      return new Case(ending, own, ownKills, kills, deaths, leastFree, log, Set.of(pids));
    }

    Verdict examine() {
      return DeathClassifier.examine(
          new DeathEvidence(
              DeathEvidence.Kind.WORKER,
              "worker gw0",
              Set.of(PID),
              children,
              WORKER_CGROUP,
              ending,
              own,
              ownKills,
              deaths,
              new MachineMemory(Bytes.gib(16), leastFree, kills),
              log,
              "tests/test_a.py::test_b",
              Bytes.gib(3),
              Bytes.gib(2)));
    }

    void is(Cause cause, Certainty certainty) {
      Verdict verdict = examine();
      assertThat(verdict.cause()).as(verdict.text()).isEqualTo(cause);
      assertThat(verdict.certainty()).as(verdict.text()).isEqualTo(certainty);
    }
  }

  @Test
  void aLogLineWithThisPidProves() {
    Case.of(SIGKILL).log(log(kill(PID, "/x"))).is(Cause.OUT_OF_MEMORY, Certainty.PROVEN);
    Case.of(new ProcessEnd.SignalOrExit(137))
        .log(log(kill(PID, "/x")))
        .is(Cause.OUT_OF_MEMORY, Certainty.PROVEN);
  }

  @Test
  void inAContainerPidsOfTheLogMeanNothingAndTheGroupTells() {
    Case.of(SIGKILL).log(container(kill(PID, "/x"))).is(Cause.KILLED, Certainty.UNKNOWN);
    Case.of(SIGKILL)
        .log(container(kill(81234, "/docker/1/" + WORKER_CGROUP)))
        .is(Cause.OUT_OF_MEMORY, Certainty.PROVEN);
    Case.of(SIGKILL)
        .log(container(kill(81234, "/docker/1/" + WORKER_CGROUP)))
        .children(501L)
        .is(Cause.OUT_OF_MEMORY, Certainty.STRONG);
    Case.of(SIGKILL)
        .log(container(kill(81234, "/docker/1/" + WORKER_CGROUP + "1")))
        .is(Cause.KILLED, Certainty.UNKNOWN);
  }

  @Test
  void theCounterOfItsOwnGroupProvesUnlessChildrenWereMeant() {
    Case.of(SIGKILL).counted(1).is(Cause.OUT_OF_MEMORY, Certainty.PROVEN);
    Case.of(SIGKILL).counted(1).log(LogView.UNREADABLE).is(Cause.OUT_OF_MEMORY, Certainty.PROVEN);
    Case.of(SIGKILL).counted(1).children(501L).is(Cause.OUT_OF_MEMORY, Certainty.STRONG);
    Case.of(SIGKILL)
        .counted(1)
        .machine(1)
        .children(501L)
        .log(log(kill(501, "/a/" + WORKER_CGROUP)))
        .is(Cause.KILLED, Certainty.UNKNOWN);
  }

  @Test
  void aCounterThatDidNotRiseRulesMemoryOut() {
    Case.of(SIGKILL).counted(0).machine(5).free(Bytes.ZERO).is(Cause.KILLED, Certainty.UNKNOWN);
    Case.of(SIGKILL).machine(0).free(Bytes.ZERO).is(Cause.KILLED, Certainty.UNKNOWN);
  }

  @Test
  void theMachinesCounterIsStrongForOneAndLikelyForMore() {
    Case.of(SIGKILL).machine(1).is(Cause.OUT_OF_MEMORY, Certainty.STRONG);
    Case.of(SIGKILL).machine(2).deaths(2).is(Cause.OUT_OF_MEMORY, Certainty.LIKELY);
    Case.of(SIGKILL).machine(1).free(Bytes.gib(12)).is(Cause.OUT_OF_MEMORY, Certainty.LIKELY);
    Case.of(SIGKILL).machine(1).log(log(kill(77, "/b"))).is(Cause.KILLED, Certainty.UNKNOWN);
    Case.of(SIGKILL).machine(2).log(log(kill(77, "/b"))).is(Cause.OUT_OF_MEMORY, Certainty.STRONG);
    Case.of(new ProcessEnd.SignalOrExit(137)).machine(1).is(Cause.OUT_OF_MEMORY, Certainty.LIKELY);
    Case.of(new ProcessEnd.Unreported()).machine(1).is(Cause.OUT_OF_MEMORY, Certainty.LIKELY);
  }

  @Test
  void withoutAnyCounterShortMemoryIsLikelyAndPlentyIsUnknown() {
    Case.of(SIGKILL).free(Bytes.mib(300)).is(Cause.OUT_OF_MEMORY, Certainty.LIKELY);
    Case.of(SIGKILL).is(Cause.KILLED, Certainty.UNKNOWN);
    Case.of(new ProcessEnd.Unreported()).is(Cause.VANISHED, Certainty.UNKNOWN);
  }

  @ParameterizedTest(name = "exit status {0}")
  @CsvSource({"0", "1", "3", "137", "139", "255"})
  void anExitStatusIsNoSignalWhateverTheCounters(int status) {
    Case.of(new ProcessEnd.Exit(status))
        .machine(1)
        .counted(1)
        .free(Bytes.ZERO)
        .is(Cause.EXIT, Certainty.PROVEN);
  }

  @Test
  void exit137IsExplained() {
    assertThat(Case.of(new ProcessEnd.Exit(137)).examine().what())
        .isEqualTo(
            "worker gw0 (in `tests/test_a.py::test_b`) exited with status 137 (an exit"
                + " status, not a SIGKILL: a shell reports a killed child in this way)");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource({"11,SIGSEGV", "6,SIGABRT", "7,SIGBUS", "15,SIGTERM", "40,signal 40"})
  void otherSignalsAreNamed(int number, String name) {
    Verdict verdict = Case.of(new ProcessEnd.Signal(number)).machine(1).counted(1).examine();
    assertThat(verdict.cause()).isEqualTo(Cause.SIGNAL);
    assertThat(verdict.what()).endsWith("was ended by " + name);
  }

  @Test
  void aFaultInTheLogIsShown() {
    Verdict verdict =
        Case.of(new ProcessEnd.Signal(11))
            .log(log(new Fault(PID, "python3", "python3[500]: segfault at 0")))
            .examine();
    assertThat(verdict.evidence()).contains("kernel log: python3[500]: segfault at 0");
  }

  @Test
  void ourOwnKillsComeFirst() {
    for (ProcessEnd ending : List.of(SIGKILL, new ProcessEnd.Signal(15), new ProcessEnd.Exit(0))) {
      Case.of(ending)
          .own(new KillReason.Preemption(SHORT))
          .counted(1)
          .is(Cause.PREEMPTED, Certainty.PROVEN);
      Case.of(ending).own(new KillReason.Oversize(SHORT)).is(Cause.TOO_LARGE, Certainty.PROVEN);
      Case.of(ending)
          .own(new KillReason.Timeout())
          .machine(1)
          .is(Cause.TIMED_OUT, Certainty.PROVEN);
      Case.of(ending).own(new KillReason.Deadlock()).is(Cause.DEADLOCKED, Certainty.PROVEN);
      Case.of(ending).own(new KillReason.StuckInFork()).is(Cause.STUCK_IN_FORK, Certainty.PROVEN);
      Case.of(ending).own(new KillReason.Crossed()).is(Cause.STOPPED, Certainty.PROVEN);
    }
  }

  @Test
  void aKillOfOursNamesItsLimit() {
    Verdict verdict = Case.of(SIGKILL).own(new KillReason.Oversize(SHORT)).examine();
    assertThat(verdict.what())
        .endsWith("the run used 2.0 GiB, more than its memory budget of 1.0 GiB");
    assertThat(verdict.advice()).contains("--memory");
  }

  @Test
  void memoryDaemonsAreNamed() {
    var early = new DaemonKill("earlyoom", PID, "", "sending SIGTERM to process 500");
    var oomd =
        new DaemonKill("systemd-oomd", 0, "/u/" + WORKER_CGROUP, "Killed /u/" + WORKER_CGROUP);
    Case.of(new ProcessEnd.Signal(15)).log(log(early)).is(Cause.MEMORY_DAEMON, Certainty.PROVEN);
    Case.of(SIGKILL).log(log(oomd)).counted(0).is(Cause.MEMORY_DAEMON, Certainty.PROVEN);
    Case.of(new ProcessEnd.Signal(11)).log(log(early)).is(Cause.SIGNAL, Certainty.PROVEN);
  }

  @Test
  void aVerdictReadsWell() {
    assertThat(
            Case.of(SIGKILL)
                .machine(1)
                .counted(1)
                .log(log(kill(PID, "/" + WORKER_CGROUP)))
                .examine()
                .text())
        .isEqualTo(
            """
            worker gw0 (in `tests/test_a.py::test_b`) was killed by the kernel: out of memory, at the limit of its cgroup, the run's budget; it held 3.0 GiB when last seen
              kernel log: Killed process 500
              its cgroup counts 1 killed for memory
              the kernel killed 1 for lack of memory at that time
              at least 2.0 GiB of 16.0 GiB stayed free
              it held 3.0 GiB when last seen, 2.0 GiB of it since the test began
              hint: make the test smaller, or give the run more memory (`--memory`, or a higher limit of its container)\
            """);
  }

  private static String facts(Case death) {
    return String.join("\n", death.examine().evidence());
  }

  @Test
  void aStatusThatMayBeASignalNamesBoth() {
    Verdict verdict = Case.of(new ProcessEnd.SignalOrExit(139)).examine();
    assertThat(verdict.cause()).isEqualTo(Cause.SIGNAL);
    assertThat(verdict.certainty()).isEqualTo(Certainty.LIKELY);
    assertThat(verdict.what()).endsWith("ended with 139: SIGSEGV, or that exit status");
    assertThat(verdict.advice()).startsWith("a fault in C code");
  }

  @Test
  void whatTheLogsCannotTellIsSaid() {
    assertThat(facts(Case.of(SIGKILL).log(LogView.UNREADABLE)))
        .contains("the kernel log is not readable here")
        .doesNotContain("gap");
    assertThat(facts(Case.of(SIGKILL).log(new LogView(true, true, true, List.of()))))
        .contains("the kernel log has a gap")
        .doesNotContain("not readable");
    assertThat(
            facts(Case.of(SIGKILL).log(LogView.UNREADABLE).own(new KillReason.Preemption(SHORT))))
        .doesNotContain("not readable", "gap");
  }

  @Test
  void severalDeathsAtOnceAreSaid() {
    assertThat(facts(Case.of(SIGKILL).deaths(2))).contains("2 workers died by SIGKILL");
    assertThat(facts(Case.of(SIGKILL))).doesNotContain("workers died");
  }

  @Test
  void aDaemonsLineIsShownAndOthersAreNot() {
    var ours = new DaemonKill("earlyoom", PID, "", "line of ours");
    var other = new DaemonKill("earlyoom", PID + 1, "/x/other", "line of another");
    assertThat(facts(Case.of(SIGKILL).log(log(other, ours))))
        .contains("log: line of ours")
        .doesNotContain("line of another");
    Case.of(SIGKILL).log(log(other)).is(Cause.KILLED, Certainty.UNKNOWN);
    Case.of(SIGKILL).log(container(ours)).is(Cause.KILLED, Certainty.UNKNOWN);
  }

  @Test
  void aDaemonThatNamesNoProcessNamesNotAProcessWithoutANumber() {
    var oomd = new DaemonKill("systemd-oomd", 0, "/u/other", "Killed /u/other");
    Case.of(SIGKILL).log(log(oomd)).is(Cause.KILLED, Certainty.UNKNOWN);
  }

  @Test
  void whatWasFullIsNamed() {
    var machine = new OomKill(PID, "python3", false, "/a", "", Bytes.gib(1), "a line");
    var around = new OomKill(PID, "python3", true, "/a", "/docker/1", Bytes.gib(1), "a line");
    var unknown = new OomKill(PID, "python3", true, "/a", "", Bytes.gib(1), "a line");
    assertThat(Case.of(SIGKILL).log(log(machine)).examine().what())
        .contains("by the kernel: the machine was out of memory;");
    Verdict verdict = Case.of(SIGKILL).log(log(kill(77, "/b"), around)).examine();
    assertThat(verdict.what()).contains("out of memory, at the limit of cgroup `/docker/1`;");
    assertThat(verdict.advice()).startsWith("run it alone");
    assertThat(Case.of(SIGKILL).log(log(unknown)).examine().what())
        .contains("out of memory, at the limit of its cgroup;");
  }

  @Test
  void theLineAboutThisProcessIsTheFirst() {
    var child =
        new OomKill(
            501, "child", true, "/a/" + WORKER_CGROUP, "/docker/1", Bytes.gib(1), "of a child");
    var stranger = new OomKill(77, "other", true, "/b", "/b", Bytes.gib(1), "of a stranger");
    Verdict verdict =
        Case.of(SIGKILL)
            .log(log(stranger, child, kill(PID, "/a/" + WORKER_CGROUP)))
            .children(501L)
            .examine();
    assertThat(verdict.evidence())
        .startsWith("kernel log: Killed process 500", "kernel log: of a child")
        .noneMatch(fact -> fact.contains("stranger"));
  }

  @Test
  void threeLinesOfTheLogAreEnough() {
    assertThat(
            facts(
                Case.of(SIGKILL)
                    .children(501L, 502L, 503L)
                    .log(
                        log(
                            kill(501, "/" + WORKER_CGROUP),
                            kill(502, "/" + WORKER_CGROUP),
                            kill(503, "/" + WORKER_CGROUP),
                            kill(PID, "/" + WORKER_CGROUP)))))
        .contains("Killed process 500", "Killed process 501", "Killed process 502")
        .doesNotContain("Killed process 503");
  }

  @Test
  void killsElsewhereExplainNoKillInItsOwnCgroup() {
    Case.of(SIGKILL)
        .counted(1)
        .children(501L)
        .log(log(kill(501, "/other")))
        .is(Cause.OUT_OF_MEMORY, Certainty.STRONG);
  }

  @Test
  void aFaultOfAnotherProcessIsNotShown() {
    var other = new Fault(PID + 1, "python3", "segfault of another");
    assertThat(facts(Case.of(new ProcessEnd.Signal(11)).log(log(other)))).doesNotContain("another");
    var unsure = new Fault(PID, "python3", "segfault of the same number");
    assertThat(facts(Case.of(new ProcessEnd.Signal(11)).log(container(unsure))))
        .doesNotContain("same number");
  }

  @Test
  void aFaultTellsHowAProcessEndedOfWhichNobodyReports() {
    var fault = new Fault(PID, "python3", "segfault at 0");
    Verdict verdict = Case.of(new ProcessEnd.Unreported()).log(log(fault)).examine();
    assertThat(verdict.cause()).isEqualTo(Cause.SIGNAL);
    assertThat(verdict.certainty()).isEqualTo(Certainty.PROVEN);
    assertThat(verdict.text()).contains("crashed by a fault of its own", "segfault at 0");
  }

  @Test
  void whatIsUnknownReadsSo() {
    assertThat(Case.of(SIGKILL).examine().what())
        .endsWith("was killed by SIGKILL of unknown origin");
    assertThat(Case.of(new ProcessEnd.Unreported()).examine().what())
        .endsWith("is gone, and nothing shows how it ended");
  }

  @ParameterizedTest(name = "status {0}")
  @CsvSource({"0,false", "128,false", "129,true", "192,true", "193,false", "255,false"})
  void statusesThatMayBeSignals(int status, boolean signal) {
    assertThat(ProcessEnd.ofStatus(status) instanceof ProcessEnd.SignalOrExit).isEqualTo(signal);
  }

  @Test
  void memoryIsShortBelowATenthAndPlentyAboveAHalf() {
    assertThat(machine(100, 9).wasShort()).isTrue();
    assertThat(machine(100, 10).wasShort()).isFalse();
    assertThat(machine(0, 0).wasShort()).isFalse();
    assertThat(machine(100, 50).hadPlenty()).isFalse();
    assertThat(machine(100, 51).hadPlenty()).isTrue();
    assertThat(machine(0, 1).hadPlenty()).isFalse();
  }

  private static MachineMemory machine(long total, long free) {
    return new MachineMemory(Bytes.mib(total), Bytes.mib(free), NOT_KEPT);
  }

  @Test
  void aKillOfOursHasItsLimit() {
    assertThat(new KillReason.Preemption(SHORT).shortage()).contains(SHORT);
    assertThat(new KillReason.Oversize(SHORT).shortage()).contains(SHORT);
    assertThat(new KillReason.Timeout().shortage()).isEmpty();
    assertThat(new KillReason.None().isNone()).isTrue();
    assertThat(new KillReason.Timeout().isNone()).isFalse();
  }

  @Test
  void whatAVerdictMeansForTheNextRun() {
    Verdict memory = Case.of(SIGKILL).counted(1).examine();
    assertThat(memory.suggestsMoreMemory()).isTrue();
    assertThat(memory.needsEvidence()).isTrue();
    assertThat(memory.isProvenOutOfMemory()).isTrue();
    assertThat(Case.of(SIGKILL).machine(1).examine().isProvenOutOfMemory()).isTrue();
    assertThat(Case.of(SIGKILL).machine(2).deaths(2).examine().isProvenOutOfMemory()).isFalse();
    Verdict ours = Case.of(SIGKILL).own(new KillReason.Preemption(SHORT)).examine();
    assertThat(ours.suggestsMoreMemory()).isTrue();
    assertThat(ours.needsEvidence()).isFalse();
    Verdict unknown = Case.of(SIGKILL).examine();
    assertThat(unknown.suggestsMoreMemory()).isTrue();
    assertThat(unknown.needsEvidence()).isTrue();
    Verdict exit = Case.of(new ProcessEnd.Exit(3)).examine();
    assertThat(exit.suggestsMoreMemory()).isFalse();
    assertThat(exit.needsEvidence()).isFalse();
  }

  @Test
  void signalsHaveNames() {
    assertThat(SignalNames.number("SIGSEGV")).isEqualTo(11);
    assertThat(SignalNames.number("SIGNONE")).isZero();
  }

  static LongStream seeds() {
    return LongStream.range(0, 500);
  }

  /// Whatever else is true: when the kernel did not kill this worker for memory, neither of the two
  /// highest levels says that it did. What the logs and counters show is drawn so that it agrees
  /// with that truth; other processes may be killed for memory meanwhile.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noDeathOfAnotherCauseIsEverCalledProven(long seed) {
    var random = new SplittableRandom(seed);
    int others = random.nextInt(3);
    boolean readable = random.nextBoolean();
    boolean hasLeaf = random.nextBoolean();
    boolean samePids = random.nextBoolean();
    LogTrace[] traces =
        LongStream.range(0, readable ? others : 0)
            .mapToObj(i -> kill(PID + 1 + i, "/other"))
            .toArray(LogTrace[]::new);
    var view = new LogView(readable, false, readable && samePids, List.of(traces));
    ProcessEnd ending =
        switch (random.nextInt(4)) {
          case 0 -> new ProcessEnd.Signal(1 + random.nextInt(31));
          case 1 -> new ProcessEnd.Exit(random.nextInt(256));
          case 2 -> ProcessEnd.ofStatus(random.nextInt(256));
          default -> SIGKILL;
        };
    Case death =
        Case.of(ending)
            .log(view)
            .free(Bytes.mib(random.nextLong(16_000)))
            .deaths(1 + random.nextInt(3));
    death = hasLeaf ? death.counted(0) : death;
    // Without a worker cgroup, an unreadable log and someone else's kill cannot be told from our
    // own: that
    // is why each worker gets a worker cgroup where it can have one.
    boolean tellable = hasLeaf || (readable && samePids);
    death = random.nextBoolean() ? death.machine(tellable ? others : 0) : death;
    assertThat(death.examine().isProvenOutOfMemory()).isFalse();
  }

  /// And when the kernel did kill it and left a record of its own, that is never missed.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aRecordedKillIsAlwaysFound(long seed) {
    var random = new SplittableRandom(seed);
    boolean byLog = random.nextBoolean();
    Case death =
        Case.of(SIGKILL)
            .free(Bytes.mib(random.nextLong(16_000)))
            .deaths(1 + random.nextInt(4))
            .machine(1 + random.nextInt(4));
    death = byLog ? death.log(log(kill(PID, "/x"))) : death.counted(1).log(LogView.UNREADABLE);
    assertThat(death.examine().isProvenOutOfMemory()).isTrue();
  }
}
