package dev.plimsoll.run.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.containment.Containment;
import dev.plimsoll.memory.containment.ContainmentProbe;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.ProcessTable;
import dev.plimsoll.run.guard.Guard.Outlived;
import dev.plimsoll.schedule.budget.BudgetRule;
import dev.plimsoll.schedule.budget.Reserve;
import dev.plimsoll.verdict.KillReason;
import dev.plimsoll.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Real kills by the real kernel in a worker's control group.
class SystemGuardTest {
  private static final String BOMB = "b = []\nwhile True: b.append(bytearray(1 << 20))\n";

  /// A worker that lives on when its child was killed, which begins at a word.
  private static final String PARENT =
      """
      import os, sys
      print("ready", flush=True)
      sys.stdin.readline()
      child = os.fork()
      if child == 0:
          b = []
          while True: b.append(bytearray(1 << 20))
      os.waitpid(child, 0)
      print("dead", flush=True)
      sys.stdin.readline()
      """;

  private static final ProcessTable TABLE = new ProcessTable(Path.of("/proc"));
  private static final ProcessKey SELF = TABLE.self();
  private static final int TEST = 7;

  private final SystemMemory memory =
      new SystemMemory(
          new BudgetRule.Auto(), Reserve.USUAL, Optional.empty(), InstantSource.system());
  private Process host;
  private SystemGuard guard;

  @BeforeEach
  void start() throws IOException {
    Containment containment =
        new ContainmentProbe(SystemRoot.system(), SELF, TABLE::isAlive).find(System.getenv());
    assumeTrue(containment.isEnforced(), "no writable memory control group here");
    host = new ProcessBuilder("sleep", "600").start();
    var owner = new ProcessKey(SELF.pid(), SELF.start() + 5);
    guard =
        new SystemGuard(
            containment,
            owner,
            TABLE::isAlive,
            Bytes.mib(64),
            memory,
            InstantSource.system(),
            text -> {
              throw new AssertionError(text);
            });
    guard.host(host.pid());
  }

  @AfterEach
  void stop() {
    if (host != null) {
      host.destroyForcibly();
      guard.close();
    }
    memory.close();
  }

  @Test
  void aChildThatWasKilledIsToldOnceWithTheTestThatHadStartedIt() throws IOException {
    afterAChildWasKilled(worker -> {
      assertThat(guard.testEnds(0, TEST)).contains(new Outlived(TEST, 1));
      assertThat(look(worker)).isEmpty();
      assertThat(guard.ended(0)).isEmpty();
    });
  }

  @Test
  void aChildThatWasKilledIsToldWhileItsTestRunsAtTheSecondLook() throws IOException {
    afterAChildWasKilled(worker -> {
      assertThat(look(worker)).isEmpty();
      assertThat(look(worker)).contains(new Outlived(TEST, 1));
      assertThat(guard.ended(0)).isEmpty();
    });
  }

  @Test
  void aChildThatWasKilledAfterTheLastTestIsToldOfNoTest() throws IOException {
    afterAChildWasKilled(
        worker -> assertThat(guard.ended(0)).contains(new Outlived(Outlived.NO_TEST, 1)));
  }

  /// A worker that is looked at, starts a child that the kernel kills, and lives on.
  private void afterAChildWasKilled(Consumer<Process> then) throws IOException {
    Process worker = new ProcessBuilder("python3", "-c", PARENT).start();
    try (var out = worker.inputReader();
        var in = worker.outputWriter()) {
      assertThat(out.readLine()).isEqualTo("ready");
      guard.worker(0, worker.pid());
      assertThat(look(worker)).isEmpty();
      in.write("go\n");
      in.flush();
      assertThat(out.readLine()).isEqualTo("dead");
      then.accept(worker);
    } finally {
      worker.destroyForcibly();
    }
  }

  @Test
  void looksDoNotTakeAWorkersOwnDeathForThatOfAChild() throws IOException, InterruptedException {
    Process worker =
        new ProcessBuilder("python3", "-c", "import sys; sys.stdin.readline()\n" + BOMB).start();
    try {
      guard.worker(0, worker.pid());
      assertThat(look(worker)).isEmpty();
      worker.getOutputStream().write('\n');
      worker.getOutputStream().close();
      assertThat(worker.waitFor()).isEqualTo(128 + 9);
      for (int i = 0; i < 3; i++) {
        assertThat(look(worker)).isEmpty();
        assertThat(guard.testEnds(0, TEST)).isEmpty();
      }
      Verdict verdict =
          guard.judge(
              new HostMessage.Gone(0, worker.pid(), 9, -1, TEST, "call", "", "", false),
              new Guard.Victim(
                  0, new KillReason.None(), "test_bomb", Bytes.mib(60), Bytes.mib(50)));
      assertThat(verdict.isProvenOutOfMemory()).isTrue();
      assertThat(verdict.evidence()).anyMatch(line -> line.contains("its cgroup counts"));
      assertThat(memory.killsSeen()).isNotEqualTo(OptionalLong.empty());
    } finally {
      worker.destroyForcibly();
    }
  }

  /// What a run does at each look.
  private Optional<Outlived> look(Process worker) {
    memory.read(host.pid(), Map.of(0, worker.pid()));
    return guard.outlived(0, TEST);
  }
}
