package dev.plimsoll.cli.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.cli.ProgramRun;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `plimsoll calibrate --command` as a user starts it, interrupted and gone on with.
class CalibrateCommandIT {
  /// Notes its level; from level 2 on it says its process id and waits, until there is a file `go`.
  private static final String STEP =
      """
      echo "$1" >>runs
      if [ "$1" -ge 2 ] && [ ! -e go ]; then echo $$ >started; cat held; fi
      """;

  private static final String MEMORY =
      "python3 -c \"import time; taken = b'1' * (30 << 20); time.sleep(0.5)\" {workers}";

  @TempDir private Path folder;

  @BeforeEach
  void prepare() throws Exception {
    Files.writeString(folder.resolve("step.sh"), STEP);
    var pipes = new ProcessBuilder("mkfifo", "started", "held").directory(folder.toFile()).start();
    assertThat(pipes.waitFor()).isZero();
  }

  @Test
  void anInterruptedCalibrationKeepsItsRunsAndGoesOn() throws Exception {
    Process program = start();
    long step = waitsInLevelTwo(program);
    program.destroy();

    assertThat(program.waitFor()).isEqualTo(2);
    assertThat(text("err")).contains("error: the calibration was interrupted", "`--continue`");
    awaitEnd(step);
    long before = runs("1");
    assertThat(kept()).hasSize((int) before);

    Files.createFile(folder.resolve("go"));
    var on = ProgramRun.of(folder, arguments("--continue"));
    assertThat(on.exitCode()).as(on.err()).isZero();
    assertThat(on.err()).contains("n: resuming after " + before + " run");
    assertThat(runs("1")).isEqualTo(before);
    assertThat(runs("2")).isGreaterThan(1);
  }

  @Test
  void aKilledCalibrationLeavesItsRunsAndNoProcess() throws Exception {
    Process program = start();
    long step = waitsInLevelTwo(program);
    program.destroyForcibly().waitFor();

    awaitEnd(step);
    assertThat(kept()).hasSize((int) runs("1"));
  }

  @Test
  void aLevelThatCannotFitIsTriedOnlyByForce() throws Exception {
    var run = ProgramRun.of(folder, calibrate(MEMORY, "--memory", "40m"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("n: 1 worker\n", "end: 2 workers cannot fit")
        .containsPattern("2 +not tried; cannot fit: predicted peak [\\d.]+ MiB, budget 40.0 MiB");

    var forced = ProgramRun.of(folder, calibrate(MEMORY, "--memory", "40m", "--force"));
    assertThat(forced.out()).contains("end: all levels were tried").doesNotContain("cannot fit");
  }

  @Test
  void aGroupWithoutTestsIsLeftOutUnlessItWasAskedFor() throws Exception {
    Files.writeString(folder.resolve("test_one.py"), "def test_one(): pass\n");

    var all = ProgramRun.of(folder, "calibrate", "--levels", "1", "--runs", "1");
    assertThat(all.exitCode()).as(all.err()).isZero();
    assertThat(all.err()).contains("heavy: skipped, it has no tests");
    assertThat(all.out()).startsWith("light: 1 worker\n").doesNotContain("heavy", "long");

    var heavy = ProgramRun.of(folder, "calibrate", "heavy", "--levels", "1", "--runs", "1");
    assertThat(heavy.exitCode()).isEqualTo(5);
    assertThat(heavy.err()).contains("error: `heavy` cannot be calibrated");
  }

  @Test
  void aSuiteThatFailsWithOneWorkerIsSaidAfterTheFirstLevel() throws Exception {
    Files.writeString(
        folder.resolve("test_red.py"), "def test_red(): assert False\ndef test_green(): pass\n");

    var red = ProgramRun.of(folder, "calibrate", "light", "--levels", "1,2", "--runs", "1");
    assertThat(red.exitCode()).isEqualTo(1);
    assertThat(red.err())
        .contains("error: `light` fails with 1 worker", "test_red.py::test_red", "--allow-failing");
    assertThat(red.err()).containsPattern("\\n +1 +1 .* 1 failed( \\(other.*\\))?\\nerror:");
    assertThat(kept("light.json")).hasSize(1);

    var allowed =
        ProgramRun.of(
            folder,
            "calibrate",
            "light",
            "--levels",
            "1,2",
            "--runs",
            "1",
            "--continue",
            "--allow-failing");
    assertThat(allowed.exitCode()).as(allowed.err()).isZero();
    assertThat(allowed.out())
        .contains(
            "1 test fails with 1 worker too and counts against no level: test_red.py::test_red");
    assertThat(allowed.err()).contains("1 failed as with 1 worker (not counted)");
  }

  @Test
  void aTestThatIsKilledAtTheBudgetIsSaidWithIt() throws Exception {
    Files.writeString(
        folder.resolve("test_large.py"),
        """
        import time
        def test_large():
            held = []
            while True:
                held.append(b"x" * (4 << 20))
                time.sleep(0.05)  # or the kernel may be the first to see it
        """);
    var red =
        ProgramRun.of(
            folder, "calibrate", "light", "--max", "1", "--runs", "1", "--memory", "300m");
    assertThat(red.exitCode()).isEqualTo(1);
    assertThat(red.err())
        .containsPattern("\\n +1 +1 .* 1 crashed( \\(other.*\\))?\\nerror:")
        .containsPattern("test_large.py::test_large: killed by Plimsoll: the run used .* budget");
  }

  @Test
  void aFailureOnRecordCountsAgainstItsLevelAndGroupsAreProvenTogether() throws Exception {
    Files.writeString(folder.resolve("test_plain.py"), "def test_plain(): pass\n");
    Files.createDirectories(folder.resolve("tests/perf"));
    Files.writeString(folder.resolve("tests/perf/test_big.py"), "def test_big(): pass\n");
    Files.writeString(
        folder.resolve("test_state.py"),
        """
        import os, pathlib, time
        STATE = pathlib.Path(__file__).parent / "state"
        def hold():
            taken = os.open(STATE, os.O_CREAT | os.O_EXCL)
            for _ in range(200):
                if pathlib.Path("met").exists() or not pathlib.Path("meet").exists():
                    break
                time.sleep(0.05)
            os.close(taken)
            STATE.unlink()
        def test_first():
            hold()
        """);
    Files.writeString(
        folder.resolve("test_second.py"),
        """
        import pathlib, time
        def test_second():
            alone = not pathlib.Path("meet").exists()
            for _ in range(100):
                if alone or pathlib.Path("state").exists():
                    break
                time.sleep(0.05)
            met = pathlib.Path("state").exists()
            pathlib.Path("met").touch() if met else None
            assert alone or not met
        """);
    Files.createFile(folder.resolve("meet"));
    var before = ProgramRun.of(folder, "run", "--group", "light", "--workers", "2");
    assertThat(before.exitCode()).as(before.out()).isEqualTo(1);
    Files.delete(folder.resolve("meet"));
    Files.deleteIfExists(folder.resolve("met"));

    var run = ProgramRun.of(folder, "calibrate", "--levels", "1,2", "--runs", "1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "light: 1 worker\n"
                + "  why: only safe level: 2 workers failed (test_second.py::test_second)",
            "the whole suite passed 1 time in a row at the chosen levels");
    assertThat(run.err()).contains("the whole suite with heavy ", "light 1, run 1\n  passed\n");
    assertThat(run.err())
        .as("the estimate before it starts, and what is left with each run")
        .containsPattern("^calibrating heavy, long, light: about [0-9]+ runs if all pass\n")
        .containsPattern("passed[^;]*; about [0-9]+ runs? and [0-9]+ s left\n");
    assertThat(run.out()).containsPattern("  spent: [0-9]+ runs? in [0-9]+ s\n");
    var forgotten =
        ProgramRun.of(
            folder, "calibrate", "light", "--levels", "1,2", "--runs", "1", "--without-history");
    assertThat(forgotten.err())
        .as("the time is known from the recorded runs")
        .containsPattern("^calibrating light: about 2 runs and [0-9]+ s if all pass\n");
    assertThat(forgotten.out()).doesNotContain("failed");
  }

  @Test
  void aProjectWithoutTestsIsNoSuccess() throws Exception {
    var run = ProgramRun.of(folder, "calibrate", "--levels", "1", "--runs", "1");
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.err())
        .contains("light: skipped, it has no tests\n", "error: there are no tests to calibrate");
  }

  @Test
  void aSuiteThatCannotBeRunAtAllIsSaidWithWhatPytestPrinted() throws Exception {
    Files.writeString(folder.resolve("pytest.ini"), "[pytest]\naddopts = gone.py\n");

    var run = ProgramRun.of(folder, "calibrate", "light", "--levels", "1", "--runs", "1");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err())
        .contains("error: could not run `light` with 1 worker", "not found: gone.py");
  }

  private Process start() throws Exception {
    return ProgramRun.start(folder, file("out"), file("err"), arguments());
  }

  private static String[] arguments(String... more) {
    return calibrate("sh step.sh {workers}", more);
  }

  private static String[] calibrate(String command, String... more) {
    var all = new ArrayList<>(List.of("calibrate", "n", "--levels", "1,2", "--runs", "1"));
    all.addAll(List.of("--command", command));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /// Reading the pipe waits for the process that writes its id into it, unless the program ends.
  private long waitsInLevelTwo(Process program) throws Exception {
    var told =
        CompletableFuture.supplyAsync(
            this::started, reading -> Thread.ofPlatform().daemon().start(reading));
    CompletableFuture.anyOf(told, program.onExit()).get();
    assertThat(told.isDone()).as(text("err")).isTrue();
    return Long.parseLong(told.get().strip());
  }

  private String started() {
    try {
      return Files.readString(folder.resolve("started"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long runs(String level) throws Exception {
    return Files.readAllLines(folder.resolve("runs")).stream().filter(level::equals).count();
  }

  private List<?> kept() throws Exception {
    return kept("n.json");
  }

  private List<?> kept(String name) throws Exception {
    try (var files = Files.walk(folder.resolve(".plimsoll/calibration"))) {
      Path file = files.filter(f -> f.endsWith(name)).findFirst().orElseThrow();
      return (List<?>)
          Objects.requireNonNull(JSON.std.mapFrom(Files.readString(file)).get("trials"));
    }
  }

  private File file(String name) {
    return folder.resolve(name).toFile();
  }

  private String text(String name) throws Exception {
    return Files.readString(folder.resolve(name));
  }

  /// What was killed takes a moment to be gone, on a busy machine some.
  private static void awaitEnd(long pid) throws Exception {
    var left = ProcessHandle.of(pid);
    if (left.isPresent()) {
      left.get().onExit().get(60, TimeUnit.SECONDS);
    }
  }
}
