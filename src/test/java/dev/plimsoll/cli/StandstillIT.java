package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests that can never go on, after a fork or by themselves.
class StandstillIT {
  @TempDir private Path root;

  @Test
  void whatAForkLeftLockedRunsInAProcessOfItsOwnAndADeadlockFails() throws Exception {
    Files.createDirectories(root.resolve(".git"));
    Files.writeString(
        root.resolve("test_locks.py"),
        """
        import os, pytest, threading
        lock = threading.Lock()
        os.register_at_fork(before=lock.acquire, after_in_parent=lock.release)
        @pytest.mark.parametrize("x", range(4))
        def test_forgotten(x):
            with lock: pass
        def test_dead():
            own = threading.Lock()
            own.acquire()
            own.acquire()
        """);

    ProgramRun run = ProgramRun.of(root, "run", "--python", "python3", "-n", "2");

    String said = run.out() + run.err();
    assertThat(run.exitCode()).as(said).isEqualTo(1);
    assertThat(said)
        .contains("1 failed, 4 passed")
        .containsOnlyOnce("is deadlocked in a forked worker")
        .contains("FAILED test_locks.py::test_dead")
        .contains("line 10 in test_dead");
  }
}
