package dev.plimsoll.engine.command;

import dev.plimsoll.engine.CancellationToken;
import dev.plimsoll.engine.ExitWords;
import dev.plimsoll.engine.Runner;
import dev.plimsoll.engine.RunnerRequest;
import dev.plimsoll.engine.RunnerResult;
import dev.plimsoll.engine.StagedProcess;
import dev.plimsoll.files.FileTrouble;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.process.SteadyClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Runs a command line with `{workers}` in it, such as `npx vitest run --maxWorkers={workers}`.
///
/// Its exit code tells whether it passed: the command then counts as one test, named as its stage.
/// When it writes a JUnit XML file, that file tells of each test.
public final class CommandRunner implements Runner {
  /// What stands for the number of workers.
  public static final String WORKERS = "{workers}";

  private static final int SHOWN_LINES = 40;

  private final String command;
  private final Optional<String> junit;

  private CommandRunner(String command, Optional<String> junit) {
    this.command = command;
    this.junit = junit;
  }

  /// A command that only its exit code tells of.
  ///
  /// @param command a line for `sh`
  public static CommandRunner of(String command) {
    return new CommandRunner(command, Optional.empty());
  }

  /// This command with a report.
  ///
  /// @param file JUnit XML that the command writes, relative to its folder
  public CommandRunner reporting(String file) {
    return new CommandRunner(command, Optional.of(file));
  }

  @Override
  public RunnerResult run(
      RunnerRequest request, CancellationToken cancellation, Consumer<RunEvent> events) {
    String line = command.replace(WORKERS, Integer.toString(request.workers()));
    Instant start = SteadyClock.now();
    List<String> printed = new ArrayList<>();
    if (junit.isEmpty()) {
      events.accept(new RunEvent.Collected(start, 1, 0, Map.of(), -1, false));
    }
    events.accept(new RunEvent.TestStarted(start, request.stage(), request.stage(), ""));
    try {
      Optional<Path> report = junit.map(request.folder()::resolve);
      if (report.isPresent()) {
        Files.deleteIfExists(report.get());
      }
      var ended =
          StagedProcess.run(
              request,
              List.of("sh", "-c", line),
              request.env(),
              cancellation,
              event -> {
                if (event instanceof RunEvent.Output output) {
                  printed.add(output.text());
                }
                events.accept(event);
              });
      var outcome = new Finished(request, line, start, ended, printed);
      RunnerResult result = report.map(outcome::fromReport).orElseGet(outcome::fromStatus);
      Instant now = SteadyClock.now();
      if (junit.isPresent()) {
        int count = result.results().size();
        Map<String, Integer> groups = Map.of(request.stage(), count);
        events.accept(new RunEvent.Collected(now, count, 0, groups, -1, false));
      }
      result.results().forEach(test -> events.accept(new RunEvent.TestFinished(now, test)));
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A command that has ended.
  private record Finished(
      RunnerRequest request,
      String line,
      Instant start,
      StagedProcess.Ended ended,
      List<String> printed) {
    RunnerResult fromStatus() {
      return result(List.of(asTest()), List.of());
    }

    RunnerResult fromReport(Path file) {
      try {
        List<TestResult> tests = JunitReport.read(file, request.stage(), start);
        boolean red = tests.stream().anyMatch(test -> test.outcome().isRed());
        boolean silent = !red && ended.status() != 0 && !tests.isEmpty();
        return result(tests, silent ? List.of(endedWith() + ", though no test failed") : List.of());
      } catch (IOException e) {
        String problem = "no usable JUnit file at " + file + ": " + FileTrouble.why(e);
        return result(List.of(asTest()), List.of(problem));
      }
    }

    private RunnerResult result(List<TestResult> tests, List<String> problems) {
      return new RunnerResult(
          ended.status(),
          tests,
          problems,
          List.of(),
          ended.halted(),
          request.output(),
          ended.duration());
    }

    private TestResult asTest() {
      boolean passed = ended.status() == 0 && ended.halted().isEmpty();
      return new TestResult(
          request.stage(),
          "",
          request.stage(),
          passed ? Outcome.PASSED : Outcome.FAILED,
          "",
          start,
          ended.duration(),
          Bytes.ZERO,
          PeakSource.NONE,
          1,
          passed ? "" : endedWith() + "\n\n" + tail(),
          passed ? "" : how(),
          List.of());
    }

    private String endedWith() {
      return "`" + line + "` " + how();
    }

    private String how() {
      return ended.halted().isEmpty()
          ? "exited with " + ExitWords.of(ended.status())
          : "was stopped: " + ended.halted();
    }

    private String tail() {
      int from = Math.max(0, printed.size() - SHOWN_LINES);
      return String.join("\n", printed.subList(from, printed.size()));
    }
  }
}
