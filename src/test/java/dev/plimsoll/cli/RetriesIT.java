package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.model.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `--retries` and `--fail-on-flaky` in runs of the real pytest.
class RetriesIT {
  /// A test that fails as often as its number says, counted over all processes.
  private static final String COUNTED =
      """
      import pathlib, time
      here = pathlib.Path(__file__).parent
      def fail(name, times):
          with open(here / name, "a") as file:
              file.write("x")
          tries = len((here / name).read_text())
          assert tries > times, f"try {tries} of {name}"
      """;

  @TempDir private Path root;

  private TestingProject project;

  @BeforeEach
  void project() throws Exception {
    project = TestingProject.in(root);
  }

  private static Map<?, ?> test(ProgramRun run, String id) throws Exception {
    return Objects.requireNonNull(run.tests().get(id));
  }

  @Test
  void pytestXdistRepeatsNothingAndARunSaysSo() throws Exception {
    project.write("test_a.py", "def test_a(): pass\n");
    ProgramRun run = project.run("--engine", "xdist", "--retries", "2");
    assertThat(run.err())
        .contains("`--retries` has no effect: pytest-xdist runs the tests.", "`-- --reruns=2`");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"fork", "spawn"})
  void aTestThatPassesLaterIsFlakyEverywhere(String engine) throws Exception {
    project.write(
        "test_a.py",
        COUNTED
            + "def test_once(): fail('once.txt', 1)\n"
            + "def test_always(): fail('always.txt', 99)\n"
            + "def test_green(): pass\n");
    ProgramRun run =
        project.run(
            "--engine",
            engine,
            "--workers",
            "2",
            "--retries",
            "2",
            "--json",
            "--junit",
            "out.xml",
            "--",
            "-p",
            "no:cacheprovider",
            "--junitxml=own.xml");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.TESTS_FAILED.code());
    Map<?, ?> once = test(run, "test_a.py::test_once");
    assertThat(once.get("outcome")).isEqualTo("passed");
    assertThat(once.get("flaky")).isEqualTo(true);
    assertThat(once.get("attempts")).isEqualTo(2);
    Map<?, ?> first =
        (Map<?, ?>) ((List<?>) Objects.requireNonNull(once.get("earlier"))).getFirst();
    assertThat(first.get("outcome")).isEqualTo("failed");
    assertThat(String.valueOf(first.get("reason"))).contains("try 1 of once.txt");
    assertThat(String.valueOf(first.get("text"))).contains("def test_once");
    Map<?, ?> always = test(run, "test_a.py::test_always");
    assertThat(always.get("outcome")).isEqualTo("failed");
    assertThat(always.get("attempts")).isEqualTo(3);
    assertThat(always.get("flaky")).isEqualTo(false);
    assertThat(JSON.std.mapFrom(run.out()).get("flaky")).isEqualTo(1);
    String junit = Files.readString(root.resolve("out.xml"));
    assertThat(junit).containsOnlyOnce("<flakyFailure").contains("<rerunFailure");
    // pytest sees each test once, with its last attempt.
    String own = Files.readString(root.resolve("own.xml"));
    assertThat(own).contains("failures=\"1\"").contains("tests=\"3\"");
  }

  @Test
  void aFlakyRunIsGreenUnlessItIsToFail() throws Exception {
    project.write("test_a.py", COUNTED + "def test_once(): fail('once.txt', 1)\n");
    ProgramRun green = project.run("--retries", "1");
    assertThat(green.exitCode()).as(green.err()).isZero();
    assertThat(green.out())
        .contains("flaky test_a.py::test_once - passed on attempt 2: ")
        .contains("PASSED: 1 passed (1 flaky), 1 rerun in ");

    Files.delete(root.resolve("once.txt"));
    project.write("plimsoll.toml", "retries = 1\nfail-on-flaky = true\n");
    ProgramRun red = project.run();
    assertThat(red.exitCode()).isEqualTo(ExitCode.TESTS_FAILED.code());
    assertThat(red.out()).contains("FAILED: 1 passed (1 flaky)").contains("(--fail-on-flaky)");
    assertThat(TestingCli.run("history", "flaky", "-C", root).out())
        .contains("failed in 2 of 4  test_a.py::test_once");
  }

  @Test
  void aFailureThatRunsAgainDoesNotStopTheRunAndALastOneDoes() throws Exception {
    project.write(
        "test_a.py",
        COUNTED
            + "def test_once(): fail('once.txt', 1)\n"
            + "def test_green(): pass\n"
            + "def test_other(): pass\n");
    ProgramRun green = project.run("--retries", "1", "--workers", "1", "--json", "--", "-x");
    assertThat(green.exitCode()).as(green.err()).isZero();
    assertThat(green.tests("outcome").values()).hasSize(3).containsOnly("passed");

    project.write(
        "test_b.py", COUNTED + "def test_b(): fail('b.txt', 9)\ndef test_c(): fail('c.txt', 9)\n");
    ProgramRun red =
        project.run("--retries", "1", "--workers", "1", "--json", "test_b.py", "--", "-x");
    assertThat(red.exitCode()).isEqualTo(ExitCode.TESTS_FAILED.code());
    assertThat(red.tests("attempts").values()).containsExactlyInAnyOrder("2", "1");
    assertThat(red.tests("outcome").values()).containsOnly("failed");
  }

  @Test
  void aTestThatExceedsItsTimeLimitRunsAgain() throws Exception {
    project.write(
        "test_a.py",
        COUNTED
            + "def test_slow():\n"
            + "    if not (here / 'seen').exists():\n"
            + "        (here / 'seen').write_text('')\n"
            + "        time.sleep(60)\n");
    ProgramRun run = project.run("--retries", "1", "--timeout", "1s", "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(test(run, "test_a.py::test_slow").get("flaky")).isEqualTo(true);
  }
}
