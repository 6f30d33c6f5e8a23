package dev.plimsoll.engine;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.TestResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How a runner's run ended.
///
/// @param status exit code of its process, 128 + n after signal n
/// @param results one for each test it knew of
/// @param problems errors that belong to no test, in words
/// @param artefacts files that were kept for failures, such as screenshots and traces
/// @param halted why it was ended before its end, empty when it was not
/// @param output file that keeps what it printed
public record RunnerResult(
    int status,
    List<TestResult> results,
    List<String> problems,
    List<Path> artefacts,
    String halted,
    Path output,
    Duration duration) {
  public RunnerResult {
    results = List.copyOf(results);
    problems = List.copyOf(problems);
    artefacts = List.copyOf(artefacts);
  }

  /// What the program ends with after this run.
  public ExitCode exitCode() {
    if (results.stream().anyMatch(result -> result.outcome().isRed())) {
      return ExitCode.TESTS_FAILED;
    }
    if (!halted.isEmpty()) {
      return ExitCode.INTERRUPTED;
    }
    if (results.isEmpty() && problems.isEmpty() && status != 0) {
      return ExitCode.NO_TESTS;
    }
    if (!problems.isEmpty() || status != 0) {
      return results.isEmpty() ? ExitCode.INTERRUPTED : ExitCode.TESTS_FAILED;
    }
    return ExitCode.OK;
  }

  public long count(Outcome outcome) {
    return results.stream().filter(result -> result.outcome() == outcome).count();
  }
}
