package dev.plimsoll.memory.containment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.memory.CgroupDir;
import dev.plimsoll.memory.Cgroups;
import dev.plimsoll.memory.OomScore;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.kernellog.KernelLog;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.ProcessTable;
import dev.plimsoll.verdict.Cause;
import dev.plimsoll.verdict.Certainty;
import dev.plimsoll.verdict.DeathClassifier;
import dev.plimsoll.verdict.DeathEvidence;
import dev.plimsoll.verdict.KillReason;
import dev.plimsoll.verdict.LogTrace.OomKill;
import dev.plimsoll.verdict.LogView;
import dev.plimsoll.verdict.MachineMemory;
import dev.plimsoll.verdict.ProcessEnd;
import dev.plimsoll.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real kills by the real kernel, in control groups that this test makes and removes.
class ContainmentTest {
  private static final String BOMB =
      "import sys; sys.stdin.readline(); b=[]\nwhile True: b.append(bytearray(1 << 20))";
  private static final String SELF_KILL =
      "import sys, os; sys.stdin.readline(); os.kill(os.getpid(), 9)";
  private static final SystemRoot ROOT = SystemRoot.system();

  private static final ProcessTable TABLE = new ProcessTable(Path.of("/proc"));
  private static final ProcessKey SELF = TABLE.key(ProcessHandle.current().pid()).orElseThrow();

  @TempDir private Path cache;

  @BeforeAll
  static void needsAWritableGroup() {
    List<CgroupDir> groups = Cgroups.of(ROOT, "self");
    assumeTrue(
        !groups.isEmpty() && Files.isWritable(groups.getFirst().path()),
        "no writable memory control group here: real kills cannot be tried");
  }

  private ContainmentProbe probe() {
    return new ContainmentProbe(ROOT, SELF, TABLE::isAlive);
  }

  private Map<String, String> environment() {
    return Map.of("XDG_CACHE_HOME", cache.toString());
  }

  @Test
  void aRungCountsOnlyAfterARealKillAndIsRemembered() throws IOException {
    Containment found = probe().find(environment());
    assertThat(found.isEnforced()).isTrue();
    Path memory = cache.resolve("plimsoll/containment");
    assertThat(Files.readString(memory)).endsWith(" " + found.method().id() + "\n");

    Files.writeString(memory, Files.readString(memory).replace(found.method().id(), "NONE"));
    assertThat(probe().find(environment()).method()).isEqualTo(ContainmentLadder.NONE);
    Files.writeString(memory, "another-boot / NONE\n");
    assertThat(probe().find(environment()).method()).isEqualTo(found.method());
  }

  @Test
  void anOverdrawnWorkerIsKilledCountedLoggedAndProven() throws IOException, InterruptedException {
    try (var log = KernelLog.open(ROOT)) {
      Instant before = Instant.now();
      Death death = die(BOMB, Bytes.mib(48));
      assertThat(death.kills()).isEqualTo(OptionalLong.of(1));
      assertThat(death.peak()).isBetween(Bytes.mib(40), Bytes.mib(49));
      LogView view =
          log.since(
              before,
              Duration.ofSeconds(2),
              trace -> trace instanceof OomKill kill && kill.pid() == death.pid());
      Verdict verdict = DeathClassifier.examine(death.evidence(view));
      assertThat(verdict.cause()).isEqualTo(Cause.OUT_OF_MEMORY);
      assertThat(verdict.certainty()).isEqualTo(Certainty.PROVEN);
      if (view.readable() && view.samePids()) {
        assertThat(verdict.text()).contains("kernel log: Memory cgroup out of memory: Killed");
        assertThat(DeathClassifier.examine(death.withoutCounter(view)).certainty())
            .isEqualTo(Certainty.PROVEN);
      }
    }
  }

  @Test
  void aSigkillInALeafIsNotTakenForTheKernels() throws IOException, InterruptedException {
    try (var log = KernelLog.open(ROOT)) {
      Instant before = Instant.now();
      Death death = die(SELF_KILL, Bytes.mib(48));
      assertThat(death.kills()).isEqualTo(OptionalLong.of(0));
      LogView view = log.since(before, Duration.ZERO, trace -> false);
      assertThat(DeathClassifier.examine(death.evidence(view)).cause()).isEqualTo(Cause.KILLED);
    }
  }

  @Test
  void whatADeadRunLeftIsKilledAndRemoved() throws IOException, InterruptedException {
    Containment containment = probe().find(environment());
    Process stray = new ProcessBuilder("sleep", "600").start();
    Process host = new ProcessBuilder("sleep", "600").start();
    var dead = new ProcessKey(SELF.pid(), 1);
    var owner = new ProcessKey(SELF.pid(), SELF.start() + 2);
    RunCgroup left = containment.open(dead, stray.pid(), key -> true).orElseThrow();
    try (var group =
        containment
            .open(owner, host.pid(), key -> !key.equals(dead) || TABLE.isAlive(key))
            .orElseThrow()) {
      assertThat(stray.waitFor()).isEqualTo(128 + 9);
      assertThat(left.held()).isEmpty();
      assertThat(group.held()).isPresent();
    } finally {
      stray.destroyForcibly();
      host.destroyForcibly();
    }
    assertThat(host.waitFor()).isEqualTo(128 + 9);
  }

  @Test
  void aLimitMovesBothWaysAndALeafIsEmptiedAtTheEnd() throws IOException, InterruptedException {
    Process worker = new ProcessBuilder("sh", "-c", "sleep 600 & sleep 600").start();
    Process host = new ProcessBuilder("sleep", "600").start();
    var owner = new ProcessKey(SELF.pid(), SELF.start() + 3);
    try (var group =
        probe().find(environment()).open(owner, host.pid(), TABLE::isAlive).orElseThrow()) {
      try (var workerCgroup = group.workerCgroup("gw0", Bytes.mib(64))) {
        workerCgroup.limit(Bytes.mib(256));
        workerCgroup.limit(Bytes.mib(32));
        workerCgroup.add(worker.pid());
        assertThat(workerCgroup.peak()).isPresent();
        assertThat(OomScore.raise(ROOT, worker.pid(), OomScore.WORKER)).isTrue();
      }
      assertThat(worker.waitFor()).isEqualTo(128 + 9);
    } finally {
      worker.destroyForcibly();
      host.destroyForcibly();
    }
  }

  private record Death(long pid, String group, int status, OptionalLong kills, Bytes peak) {
    DeathEvidence evidence(LogView view) {
      return of(view, kills, group);
    }

    DeathEvidence withoutCounter(LogView view) {
      return of(view, OptionalLong.empty(), "");
    }

    private DeathEvidence of(LogView view, OptionalLong counter, String workerCgroup) {
      return new DeathEvidence(
          DeathEvidence.Kind.WORKER,
          "worker gw0",
          Set.of(pid),
          Set.of(),
          workerCgroup,
          new ProcessEnd.Signal(status - 128),
          new KillReason.None(),
          counter,
          1,
          new MachineMemory(Bytes.gib(16), Bytes.gib(12), OptionalLong.of(1)),
          view,
          "tests/test_big.py::test_all",
          Bytes.mib(40),
          Bytes.mib(30));
    }
  }

  private Death die(String python, Bytes limit) throws IOException, InterruptedException {
    Process host = new ProcessBuilder("sleep", "600").start();
    Process worker = new ProcessBuilder("python3", "-c", python).start();
    var owner = new ProcessKey(SELF.pid(), SELF.start() + 4);
    try (var group =
            probe().find(environment()).open(owner, host.pid(), TABLE::isAlive).orElseThrow();
        var workerCgroup = group.workerCgroup("gw0", limit)) {
      workerCgroup.add(worker.pid());
      worker.getOutputStream().write('\n');
      worker.getOutputStream().close();
      int status = worker.waitFor();
      return new Death(
          worker.pid(),
          workerCgroup.name(),
          status,
          workerCgroup.kills(),
          workerCgroup.peak().orElse(Bytes.ZERO));
    } finally {
      worker.destroyForcibly();
      host.destroyForcibly();
    }
  }
}
