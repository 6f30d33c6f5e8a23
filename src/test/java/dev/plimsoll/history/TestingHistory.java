package dev.plimsoll.history;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.MemorySnapshot;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.RunEvent;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.TestingRuns;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Made-up runs that are written to a real history; also a program of its own that writes some.
public final class TestingHistory {
  private TestingHistory() {}

  /// Write runs into the history of a folder: `folder prefix runs tests`. With `runs` 0, write the
  /// parts of one run without end until killed.
  public static void main(String[] args) {
    int runs = Integer.parseInt(args[2]);
    int tests = Integer.parseInt(args[3]);
    try (var store = store(Path.of(args[0]), TestingHistory::say)) {
      for (int i = 0; i < runs; i++) {
        record(store, run(args[1] + i, i, tests), TestingHistory::say);
      }
      if (runs == 0) {
        endless(store, args[1], tests);
      }
    }
    System.out.println("done");
  }

  private static void say(String text) {
    System.out.println(text);
  }

  private static void endless(HistoryStore store, String id, int tests) {
    RunSummary run = run(id, 0, tests);
    try (var recorder = new RunRecorder(store, "run", 200, false, TestingHistory::say)) {
      recorder.accept(started(run));
      for (int i = 1; true; i++) {
        for (TestResult result : run.results()) {
          recorder.accept(new RunEvent.TestFinished(run.start().plusSeconds(6L * i), result));
        }
        if (i == 3) {
          System.out.println("writing");
        }
      }
    }
  }

  public static HistoryStore store(Path folder, Consumer<String> warning) {
    return new HistoryStore(folder, () -> TestingRuns.START, warning);
  }

  static RunEvent started(RunSummary run) {
    return new RunEvent.Started(
        run.start(), run.id(), run.engine(), run.mode(), run.machine(), run.budget(), "");
  }

  /// Record a whole run by its events.
  public static void record(HistoryStore store, RunSummary run, Consumer<String> warning) {
    record(store, run, false, warning);
  }

  /// The same as a calibration does.
  static void recordTrial(HistoryStore store, RunSummary run, Consumer<String> warning) {
    record(store, run, true, warning);
  }

  private static void record(
      HistoryStore store, RunSummary run, boolean trial, Consumer<String> warning) {
    try (var recorder = new RunRecorder(store, "run", 200, trial, warning)) {
      recorder.accept(started(run));
      for (TestResult result : run.results()) {
        recorder.accept(new RunEvent.TestFinished(run.start().plusSeconds(3), result));
      }
      recorder.accept(new RunEvent.Finished(run.start().plusSeconds(42), run));
    }
  }

  static RunSummary run(String id, int number, int tests) {
    List<TestResult> results =
        IntStream.range(0, tests)
            .mapToObj(i ->
                TestingRuns.result(
                    "tests/test_" + i % 50 + ".py::test_" + i,
                    Outcome.PASSED,
                    1 + i % 7 + number,
                    Bytes.mib(5L + i % 11 + number)))
            .toList();
    return withId(id, number, TestingRuns.run(0, results));
  }

  static RunSummary withId(String id, int number, RunSummary run) {
    return new RunSummary(
        id,
        run.command(),
        run.engine(),
        run.mode(),
        run.workers(),
        run.machine(),
        run.start().plusSeconds(60L * number),
        run.duration(),
        run.results(),
        run.peak(),
        run.source(),
        run.machinePeak(),
        run.budget(),
        run.swapBefore(),
        run.after(),
        run.evidence(),
        run.interrupted(),
        run.exitCode());
  }

  static RunEvent sampled(Instant at, long mib) {
    var memory =
        new MemorySnapshot(
            at, Bytes.mib(mib), PeakSource.PSS, Bytes.gib(6), Bytes.gib(8), Bytes.ZERO);
    return new RunEvent.Sampled(at, memory, Map.of());
  }

  static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000));
  }
}
