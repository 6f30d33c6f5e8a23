package dev.plimsoll.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// Something that happened in a run, in the order in which the dispatcher saw it. Displays and
/// recorders only consume these.
public sealed interface RunEvent {
  Instant at();

  /// The run begins.
  ///
  /// @param containment what the kernel enforces, in words
  record Started(
      Instant at,
      String run,
      String engine,
      String mode,
      Machine machine,
      Bytes budget,
      String containment)
      implements RunEvent {}

  /// The tests are known.
  ///
  /// @param groups number of tests in each group, in order
  /// @param expected seconds the run will take by history, negative when unknown
  /// @param verbose whether to print the outcome of each test
  record Collected(
      Instant at,
      int count,
      int deselected,
      Map<String, Integer> groups,
      double expected,
      boolean verbose)
      implements RunEvent {}

  /// A group begins with this number of workers (phased mode).
  record GroupStarted(Instant at, String group, int tests, int workers) implements RunEvent {}

  record WorkerStarted(Instant at, String worker, long pid) implements RunEvent {}

  record TestStarted(Instant at, String id, String group, String worker) implements RunEvent {}

  record TestFinished(Instant at, TestResult result) implements RunEvent {}

  /// A test's attempt did not count and it will run again; it is not reported as failed.
  record TestRetried(Instant at, String id, String worker, String reason) implements RunEvent {}

  /// A worker died that was not asked to end. {@link WorkerGone} follows.
  record Died(Instant at, Death death) implements RunEvent {}

  /// A worker's process ended.
  ///
  /// @param verdict why it died, in words; empty if Plimsoll retired it or {@link Died} tells
  record WorkerGone(Instant at, String worker, long pid, String verdict) implements RunEvent {}

  /// No more tests start; running tests may finish.
  record Stopping(Instant at, String reason) implements RunEvent {}

  /// Memory was sampled.
  ///
  /// @param workers memory each worker holds, by name
  record Sampled(Instant at, MemorySnapshot memory, Map<String, Bytes> workers)
      implements RunEvent {}

  /// How much longer the run takes, if each test that is left takes as long as expected.
  record Forecast(Instant at, Duration left) implements RunEvent {}

  record Note(Instant at, Level level, String text) implements RunEvent {}

  /// Text the runner itself printed, passed on as it is.
  record Output(Instant at, String text) implements RunEvent {}

  record Finished(Instant at, RunSummary summary) implements RunEvent {}

  /// How much a note matters.
  enum Level {
    INFO,
    WARNING,
    /// It ends the run.
    ERROR
  }
}
