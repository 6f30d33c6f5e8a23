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
              "gw0",
              PID,
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
