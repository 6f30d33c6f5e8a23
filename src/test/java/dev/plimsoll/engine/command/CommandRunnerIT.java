package dev.plimsoll.engine.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.RunnerRequest;
import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.engine.playwright.BrowserExample;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Vitest suite, and commands that go wrong.
class CommandRunnerIT {
  private static final Path VITEST = Path.of("examples/vitest").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void runsTheVitestExample() {
    BrowserExample.assumeNode();
    BrowserExample.assume(
        Files.isDirectory(VITEST.resolve("node_modules/vitest")),
        "examples/vitest is not set up: run bin/setup-web");
    String report = folder.resolve("unit.xml").toString();
    RunnerResult result =
        run(
            VITEST,
            CommandRunner.of(
                    "node node_modules/vitest/vitest.mjs run --maxWorkers={workers}"
                        + " --reporter=junit --outputFile="
                        + report)
                .reporting(report));
    assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(result.count(Outcome.PASSED)).isEqualTo(10);
    assertThat(result.count(Outcome.SKIPPED)).isEqualTo(1);
    assertThat(result.results())
        .anyMatch(test -> test.id().equals("src/stow.test.js > stow > puts the heaviest below"));
  }

  @Test
  void aCommandWithoutAReportIsOneTest() {
    RunnerResult result = run(folder, CommandRunner.of("echo {workers} workers; exit 3"));
    assertThat(result.exitCode()).isEqualTo(ExitCode.TESTS_FAILED);
    assertThat(result.results()).hasSize(1);
    assertThat(result.results().getFirst().text()).contains("exit code 3", "2 workers");
  }

  @Test
  void code137IsNotSaidToBeAKill() {
    RunnerResult result = run(folder, CommandRunner.of("exit 137"));
    assertThat(result.results().getFirst().text())
        .contains("(128 + SIGKILL, unless the program chose it)");
  }

  @Test
  void aReportThatIsNotWrittenIsAProblem() throws Exception {
    Files.writeString(folder.resolve("old.xml"), "<testsuite><testcase name='old'/></testsuite>");
    RunnerResult result = run(folder, CommandRunner.of("true").reporting("old.xml"));
    assertThat(result.problems()).anyMatch(problem -> problem.contains("did not write it"));
    assertThat(result.exitCode()).isEqualTo(ExitCode.TESTS_FAILED);
  }

  @Test
  void aFailureThatNoTestExplainsIsAProblem() {
    String report = "<testsuite><testcase name='one'/></testsuite>";
    RunnerResult result =
        run(folder, CommandRunner.of("echo \"" + report + "\" > r.xml; exit 1").reporting("r.xml"));
    assertThat(result.count(Outcome.PASSED)).isEqualTo(1);
    assertThat(result.problems()).anyMatch(problem -> problem.contains("though no test failed"));
    assertThat(result.exitCode()).isEqualTo(ExitCode.TESTS_FAILED);
  }

  private RunnerResult run(Path where, CommandRunner runner) {
    var request =
        new RunnerRequest(
            "command-it",
            "unit",
            where,
            where,
            2,
            Map.of(),
            Duration.ofMinutes(2),
            folder.resolve("out"));
    return runner.run(request, new CancellationToken(), event -> {});
  }
}
