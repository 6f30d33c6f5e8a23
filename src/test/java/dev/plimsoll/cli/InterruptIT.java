package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.model.ExitCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Ctrl-C, which a terminal sends to all processes of the run, and an order to end: whatever is
/// sent, every collected test has an outcome or is "not run", and no process is left.
class InterruptIT {
  private static final int TESTS = 12;

  /// Starts the program as a shell starts one in a terminal: with a group of its own, and SIGINT
  /// not ignored.
  private static final String AS_A_SHELL =
      "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.setsid();"
          + " os.execv(sys.argv[1], sys.argv[1:])";

  @TempDir private Path root;

  private @Nullable Process started;

  @BeforeEach
  void project() throws IOException {
    Files.createDirectories(root.resolve(".git"));
    Files.writeString(
        root.resolve("test_waits.py"),
        """
        import pathlib, subprocess, time, pytest

        @pytest.mark.parametrize("i", range(%d))
        def test_waits(i):
            child = subprocess.Popen(["sleep", "600"], start_new_session=True)
            pathlib.Path(f"begun-{i}").touch()
            while not pathlib.Path("go").exists():
                time.sleep(0.02)
            child.kill()
        """
            .formatted(TESTS));
  }

  @AfterEach
  void end() {
    process().destroyForcibly();
  }

  private void start(String... args) throws IOException {
    var all = new ArrayList<>(List.of("run", "--json", "--workers", "2"));
    all.addAll(List.of(args));
    launch(all.toArray(String[]::new));
  }

  private void launch(String... args) throws IOException {
    var command = new ArrayList<>(List.of("python3", "-c", AS_A_SHELL));
    command.addAll(ProgramRun.command(args));
    var builder = new ProcessBuilder(command).directory(root.toFile());
    builder.environment().remove("PYTEST_DISABLE_PLUGIN_AUTOLOAD");
    started =
        builder
            .redirectInput(new File("/dev/null"))
            .redirectOutput(root.resolve("out").toFile())
            .redirectError(root.resolve("err").toFile())
            .start();
  }

  private Process process() {
    return Objects.requireNonNull(started);
  }

  /// As a terminal sends it.
  private void send(String signal) throws Exception {
    kill(signal, "-" + process().pid());
  }

  private static void kill(String signal, String whom) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + signal, "--", whom).start().waitFor()).isZero();
  }

  private String said() throws IOException {
    return Files.readString(root.resolve("err"));
  }

  private List<String> begun() throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("begun-"))
          .map(name -> "test_waits.py::test_waits[" + name.substring("begun-".length()) + "]")
          .toList();
    }
  }

  private void await(Waiting.Condition condition) throws Exception {
    Waiting.until(condition, this::said);
  }

  private void awaitTwoTests() throws Exception {
    await(() -> begun().size() == 2);
  }

  /// pytest may handle it before the run has begun, which then ends without output.
  private void awaitCollection() throws Exception {
    await(() -> Files.exists(root.resolve("collects")) && said().contains("workers: "));
  }

  private void awaitInterruption() throws Exception {
    await(() -> said().contains("interrupted: "));
  }

  /// The tests as `--json` tells them, by id.
  private Map<String, Map<?, ?>> tests() throws Exception {
    int exitCode = process().waitFor();
    assertThat(exitCode).as(said()).isEqualTo(ExitCode.INTERRUPTED.code());
    await(() -> ProcessesIn.folder(root).isEmpty());
    assertThat(said()).doesNotContain("Traceback");
    return new ProgramRun(exitCode, Files.readString(root.resolve("out")), said()).tests();
  }

  private void interruptTwoTests() throws Exception {
    awaitTwoTests();
    send("INT");
    awaitInterruption();
  }

  private static List<String> outcomes(Map<String, Map<?, ?>> tests) {
    return tests.values().stream().map(test -> String.valueOf(test.get("outcome"))).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"fork", "spawn"})
  void runningTestsFinishAndNoFurtherOneStarts(String engine) throws Exception {
    start("--engine", engine);
    interruptTwoTests();
    Files.createFile(root.resolve("go"));
    Map<String, Map<?, ?>> tests = tests();
    List<String> begun = begun();
    assertThat(begun).hasSize(2);
    assertThat(tests).hasSize(TESTS);
    tests.forEach((id, test) ->
        assertThat(test.get("outcome"))
            .as(id)
            .isEqualTo(begun.contains(id) ? "passed" : "not run"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fork", "spawn"})
  void theSecondTimeRunningTestsAreKilledAndNamed(String engine) throws Exception {
    start("--engine", engine);
    interruptTwoTests();
    send("INT");
    Map<String, Map<?, ?>> tests = tests();
    assertThat(tests).hasSize(TESTS);
    List<String> begun = begun();
    tests.forEach((id, test) -> {
      assertThat(test.get("outcome")).as(id).isEqualTo("not run");
      boolean ran = begun.contains(id);
      assertThat(test.get("attempts")).as(id).isEqualTo(ran ? 1 : 0);
      assertThat(test.get("reason")).isEqualTo(ran ? "interrupted, while it ran" : "interrupted");
    });
  }

  @Test
  void aTestThatWaitsToRunAgainAloneHasCrashed() throws Exception {
    Files.writeString(
        root.resolve("test_dies.py"),
        """
        import os, pathlib
        def test_dies():
            pathlib.Path('died').touch()
            os._exit(3)
        """);
    start();
    await(() -> Files.exists(root.resolve("died")) && said().contains("it runs again alone"));
    await(() -> !begun().isEmpty());
    send("INT");
    awaitInterruption();
    Files.createFile(root.resolve("go"));
    Map<?, ?> dead = tests().getOrDefault("test_dies.py::test_dies", Map.of());
    assertThat(dead.get("outcome")).isEqualTo("crashed");
    assertThat(String.valueOf(dead.get("text"))).contains("did not run again alone");
  }

  @Test
  void aStageOfPytestHearsTheSecondTimeToo() throws Exception {
    Files.writeString(
        root.resolve("plimsoll.toml"),
        "[stages.backend]\npytest = ['test_waits.py']\nworkers = 2\n");
    launch("stages", "run", "--json");
    interruptTwoTests();
    send("INT");
    assertThat(outcomes(tests())).hasSize(TESTS).containsOnly("not run");
  }

  @Test
  void anOrderToEndNeedsNoSecondOne() throws Exception {
    start();
    awaitTwoTests();
    kill("TERM", Long.toString(process().pid()));
    assertThat(outcomes(tests())).containsOnly("not run");
  }

  /// Either the terminal or Plimsoll interrupts pytest; twice would be once too often.
  @ParameterizedTest
  @CsvSource({"fork, -", "fork, ''", "spawn, -"})
  void whileItCollectsPytestHearsItOnce(String engine, String group) throws Exception {
    Files.writeString(
        root.resolve("test_slow.py"),
        """
        import pathlib, time

        pathlib.Path("collects").touch()
        time.sleep(600)
        """);
    start("--engine", engine);
    awaitCollection();
    kill("INT", group + process().pid());
    assertThat(tests()).isEmpty();
    assertThat(said()).containsOnlyOnce("KeyboardInterrupt !!");
  }

  @Test
  void whileItCollectsItIsKilledTheSecondTime() throws Exception {
    Files.writeString(
        root.resolve("test_slow.py"),
        """
        import pathlib, time

        pathlib.Path("collects").touch()
        while True:
            try:
                time.sleep(600)
            except KeyboardInterrupt:
                pathlib.Path("heard").touch()
        """);
    start();
    awaitCollection();
    send("INT");
    await(() -> Files.exists(root.resolve("heard")));
    send("INT");
    assertThat(tests()).isEmpty();
  }

  /// Which files are in which group is asked of a pytest of its own, before the run begins.
  @Test
  void whileFilesAreListedNothingOutlivesAnOrderToEnd() throws Exception {
    Files.writeString(
        root.resolve("conftest.py"),
        """
        import pathlib, time

        pathlib.Path("lists").touch()
        time.sleep(600)
        """);
    start("--engine", "xdist");
    await(() -> Files.exists(root.resolve("lists")));
    kill("TERM", Long.toString(process().pid()));
    assertThat(process().waitFor()).isNotZero();
    await(() -> ProcessesIn.folder(root).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void pytestXdistEndsItsWorkers(int times) throws Exception {
    start("--engine", "xdist", "--python", TestingPythons.withXdist());
    awaitTwoTests();
    for (int time = 0; time < times; time++) {
      send("INT");
      awaitInterruption();
    }
    assertThat(outcomes(tests())).hasSize(TESTS).containsOnly("not run");
  }
}
