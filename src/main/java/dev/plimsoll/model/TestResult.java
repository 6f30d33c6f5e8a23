package dev.plimsoll.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The result of one test, with the figures of its last attempt.
///
/// @param id node id, or the runner's own unambiguous name of the test
/// @param path file of the test relative to the project root, `/` between folders
/// @param group group it ran in, empty when groups play no part
/// @param worker name of the worker (`gw0`), empty when it did not run
/// @param start moment the test began, `Instant.EPOCH` when it did not run
/// @param duration setup, call and teardown together
/// @param peak memory the test took above its worker's base
/// @param source how `peak` was taken
/// @param attempts how many times it was started
/// @param text failure with its captured output, ready to print; empty unless the outcome is red
/// @param reason why it was skipped, expected to fail or not run, or what its failure says in one
///   line; else empty
/// @param notes what the user should know beside the outcome, such as a crash of an earlier attempt
/// @param earlier the attempts before the last one, in order, as far as they are known
/// @param conditions where it ran, and with what
public record TestResult(
    String id,
    String path,
    String group,
    Outcome outcome,
    String worker,
    Instant start,
    Duration duration,
    Bytes peak,
    PeakSource source,
    int attempts,
    String text,
    String reason,
    List<String> notes,
    List<Attempt> earlier,
    Conditions conditions) {
  public TestResult {
    notes = List.copyOf(notes);
    earlier = List.copyOf(earlier);
  }

  /// A result without earlier attempts, whose conditions are not known.
  public TestResult(
      String id,
      String path,
      String group,
      Outcome outcome,
      String worker,
      Instant start,
      Duration duration,
      Bytes peak,
      PeakSource source,
      int attempts,
      String text,
      String reason,
      List<String> notes) {
    this(
        id,
        path,
        group,
        outcome,
        worker,
        start,
        duration,
        peak,
        source,
        attempts,
        text,
        reason,
        notes,
        List.of(),
        Conditions.UNKNOWN);
  }

  /// Whether this is a command of a stage, which stands for one test, and not a test that a runner
  /// reported.
  public boolean isCommand() {
    return path.isEmpty() && id.equals(group);
  }

  /// The same after these attempts.
  public TestResult after(List<Attempt> attemptsBefore) {
    return with(outcome, worker, text, attemptsBefore, conditions);
  }

  /// Whether it failed and then passed when it ran again.
  public boolean isFlaky() {
    return ran() && !outcome.isRed() && earlier.stream().anyMatch(Attempt::failed);
  }

  /// The same with another text of its failure.
  public TestResult withText(String other) {
    return with(outcome, worker, other, earlier, conditions);
  }

  /// The same with an error that came later: a red test keeps its outcome.
  public TestResult withError(String error) {
    return with(
        outcome.isRed() ? outcome : Outcome.ERROR,
        worker,
        text.isEmpty() ? error : text + "\n" + error,
        earlier,
        conditions);
  }

  /// The same under these conditions.
  public TestResult under(Conditions other) {
    return with(outcome, worker, text, earlier, other);
  }

  /// The same by a worker of this name.
  public TestResult by(String other) {
    return with(outcome, other, text, earlier, conditions);
  }

  private TestResult with(
      Outcome ownOutcome,
      String ownWorker,
      String ownText,
      List<Attempt> attemptsBefore,
      Conditions ownConditions) {
    return new TestResult(
        id,
        path,
        group,
        ownOutcome,
        ownWorker,
        start,
        duration,
        peak,
        source,
        attempts,
        ownText,
        reason,
        notes,
        attemptsBefore,
        ownConditions);
  }

  /// The machine that ran it.
  ///
  /// @param run the machine of its run
  public Machine machineIn(Machine run) {
    return conditions.machine().equals(Machine.UNKNOWN) ? run : conditions.machine();
  }

  /// A test that was collected and never ran, and why.
  public static TestResult notRun(String id, String path, String group, String reason) {
    return new TestResult(
        id,
        path,
        group,
        Outcome.NOT_RUN,
        "",
        Instant.EPOCH,
        Duration.ZERO,
        Bytes.ZERO,
        PeakSource.NONE,
        0,
        "",
        reason,
        List.of());
  }

  /// A file, folder or class whose tests are not known: it could not be collected, or skipped
  /// itself.
  public static TestResult uncollected(
      String id, String path, Outcome outcome, String text, String reason) {
    return new TestResult(
        id,
        path,
        "",
        outcome,
        "",
        Instant.EPOCH,
        Duration.ZERO,
        Bytes.ZERO,
        PeakSource.NONE,
        0,
        text,
        reason,
        List.of());
  }

  /// Whether it ran to an end of its own: it began, and was not ended with the run.
  public boolean ran() {
    return attempts > 0 && outcome != Outcome.NOT_RUN;
  }

  public Instant end() {
    return start.plus(duration);
  }
}
