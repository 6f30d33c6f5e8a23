package dev.plimsoll.run.dispatch;

import dev.plimsoll.engine.pytest.HostMessage;
import dev.plimsoll.model.Attempt;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.Conditions;
import dev.plimsoll.model.Death;
import dev.plimsoll.model.Outcome;
import dev.plimsoll.model.PeakSource;
import dev.plimsoll.model.TestResult;
import dev.plimsoll.report.DeathText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The outcome of every collected test: each ends in exactly one, and a test without one is found.
final class Results {
  private final Tests tests;
  private final @Nullable TestResult[] results;
  private final int[] attempts;
  private final int[] crashes;
  private final boolean[] alone;
  private final List<List<String>> notes;
  private final Map<Integer, List<Attempt>> earlier = new HashMap<>();

  /// Errors that came between two attempts of a test, from the teardown of a wider fixture.
  private final Map<Integer, String> between = new HashMap<>();

  Results(Tests tests) {
    this.tests = tests;
    this.results = new TestResult[tests.size()];
    this.attempts = new int[tests.size()];
    this.crashes = new int[tests.size()];
    this.alone = new boolean[tests.size()];
    this.notes = new ArrayList<>(tests.size());
    for (int i = 0; i < tests.size(); i++) {
      notes.add(List.of());
    }
  }

  void attempt(int test) {
    attempts[test]++;
  }

  /// Take an attempt back: the worker returned the test unstarted, or died before it began.
  void neverBegan(int test) {
    attempts[test]--;
  }

  /// Count a death of the worker that ran the test and was not ordered by us; answers how many that
  /// makes.
  int crashed(int test) {
    return ++crashes[test];
  }

  /// The test runs again.
  ///
  /// @param nothingBeside whether nothing runs beside it then
  void runsAgain(int test, boolean nothingBeside) {
    alone[test] = nothingBeside;
  }

  boolean isAlone(int test) {
    return alone[test];
  }

  int attempts(int test) {
    return attempts[test];
  }

  /// How many attempts of the test failed so far and did not count.
  int failures(int test) {
    return (int) attemptsBefore(test).stream().filter(Attempt::failed).count();
  }

  /// An attempt has failed and does not count: the test runs again.
  void failed(int test, Attempt attempt) {
    note(test, "attempt " + attempts[test] + ": " + attempt.outcome().word() + reason(attempt));
    before(test, attempt);
  }

  private static String reason(Attempt attempt) {
    return attempt.reason().isEmpty() ? "" : ": " + attempt.reason();
  }

  /// Keep an attempt that was not the last.
  void before(int test, Attempt attempt) {
    earlier.computeIfAbsent(test, _ -> new ArrayList<>()).add(attempt);
  }

  private List<Attempt> attemptsBefore(int test) {
    return earlier.getOrDefault(test, List.of());
  }

  void note(int test, String text) {
    var longer = new ArrayList<>(notes.get(test));
    longer.add(text);
    notes.set(test, longer);
  }

  TestResult finish(int test, String worker, HostMessage.Done done) {
    return put(
        test,
        done.outcome(),
        worker,
        done.start(),
        done.duration(),
        done.peak(),
        done.source(),
        done.text(),
        done.reason(),
        tests.conditions(test, done.waited(), done.cpu()));
  }

  /// A test whose worker died, and that does not run again.
  TestResult crash(Death death, Outcome outcome, int test, String text) {
    return put(
        test,
        outcome,
        death.worker(),
        death.start(),
        death.duration(),
        death.held(),
        alone[test] && death.shortage().isPresent() ? PeakSource.KILLED_ALONE : PeakSource.KILLED,
        text,
        DeathText.brief(death),
        tests.conditions(test));
  }

  /// A test that was ended with the run: it began, and nobody knows how it would have ended.
  void cutOff(int test, String worker, Instant start, String reason) {
    put(
        test,
        Outcome.NOT_RUN,
        worker,
        start,
        Duration.ZERO,
        Bytes.ZERO,
        PeakSource.NONE,
        "",
        reason + ", while it ran",
        tests.conditions(test));
  }

  /// Turn a finished test into an error that came late, from the teardown of a wider fixture. One
  /// that is to run again becomes an error when it has.
  Optional<TestResult> late(int test, String text) {
    TestResult before = results[test];
    if (before == null && failures(test) > 0) {
      between.merge(test, text, (a, b) -> a + "\n" + b);
      return Optional.empty();
    }
    if (before == null) {
      throw new IllegalStateException(
          "a late error for a test without an outcome: " + tests.item(test).id());
    }
    return Optional.of(late(test, before, text));
  }

  private TestResult late(int test, TestResult before, String text) {
    TestResult after = before.withError(text);
    results[test] = after;
    return after;
  }

  private TestResult put(
      int test,
      Outcome outcome,
      String worker,
      Instant start,
      Duration duration,
      Bytes peak,
      PeakSource source,
      String text,
      String reason,
      Conditions conditions) {
    var item = tests.item(test);
    if (results[test] != null) {
      throw new IllegalStateException("a second outcome for " + item.id());
    }
    TestResult result =
        new TestResult(
            item.id(),
            item.path(),
            tests.group(test).name(),
            outcome,
            worker,
            start,
            duration,
            peak,
            source,
            attempts[test],
            text,
            reason,
            attempts[test] > 0 ? notes.get(test) : List.of(),
            attemptsBefore(test),
            conditions);
    results[test] = result;
    String error = between.remove(test);
    return error == null ? result : late(test, result, error);
  }

  /// A test that failed and did not get to run again has failed.
  private void settleRepeated() {
    for (int test : List.copyOf(earlier.keySet())) {
      List<Attempt> before = attemptsBefore(test);
      Attempt last = before.getLast();
      if (!has(test) && last.failed()) {
        earlier.put(test, before.subList(0, before.size() - 1));
        put(
            test,
            last.outcome(),
            last.worker(),
            last.start(),
            last.duration(),
            Bytes.ZERO,
            PeakSource.NONE,
            last.text(),
            last.reason(),
            tests.conditions(test));
      }
    }
  }

  boolean has(int test) {
    return results[test] != null;
  }

  int missing() {
    return (int) Arrays.stream(results).filter(result -> result == null).count();
  }

  /// All results in the order of collection; what has none is "not run", with the reason. A test
  /// whose worker died, and that was to run again alone, has crashed.
  List<TestResult> all(String reason) {
    settleRepeated();
    var all = new ArrayList<TestResult>(results.length);
    for (int test = 0; test < results.length; test++) {
      TestResult result = results[test];
      all.add(result != null ? result : missing(test, reason));
    }
    return all;
  }

  private TestResult missing(int test, String reason) {
    boolean crashed = crashes[test] > 0;
    return put(
        test,
        crashed ? Outcome.CRASHED : Outcome.NOT_RUN,
        "",
        Instant.EPOCH,
        Duration.ZERO,
        Bytes.ZERO,
        crashed ? PeakSource.KILLED : PeakSource.NONE,
        crashed ? "Its worker died. It did not run again alone: " + reason + ".\n" : "",
        reason,
        tests.conditions(test));
  }
}
