package dev.plimsoll.report;

import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.RunSummary;
import dev.plimsoll.model.TestResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/// What is otherwise than in the last run on the same branch, of the tests that ran in both.
///
/// @param failing tests that are red now and were green
/// @param fixed tests that are green now and were red
/// @param slower tests that took half as long again, and half a second more
/// @param larger tests that took a third more memory, and 50 MiB more
public record RunChanges(
    List<String> failing, List<String> fixed, List<String> slower, List<String> larger) {
  private static final double SLOWER = 1.5;
  private static final Duration SLOWER_BY = Duration.ofMillis(500);
  private static final double LARGER = 1.33;
  private static final Bytes LARGER_BY = Bytes.mib(50);

  /// Nothing to compare with.
  public static final RunChanges NONE = new RunChanges(List.of(), List.of(), List.of(), List.of());

  public RunChanges {
    failing = List.copyOf(failing);
    fixed = List.copyOf(fixed);
    slower = List.copyOf(slower);
    larger = List.copyOf(larger);
  }

  public static RunChanges between(RunSummary before, RunSummary now) {
    Map<String, TestResult> known =
        before.results().stream()
            .filter(TestResult::ran)
            .collect(Collectors.toMap(TestResult::id, result -> result, (a, _) -> a));
    return new RunChanges(
        such(known, now, (was, is) -> is.outcome().isRed() && !was.outcome().isRed()),
        such(known, now, (was, is) -> was.outcome().isRed() && !is.outcome().isRed()),
        such(known, now, RunChanges::isSlower),
        such(known, now, RunChanges::isLarger));
  }

  private static List<String> such(
      Map<String, TestResult> known, RunSummary now, BiPredicate<TestResult, TestResult> changed) {
    return now.results().stream()
        .filter(TestResult::ran)
        .filter(is -> known.containsKey(is.id()) && changed.test(known.get(is.id()), is))
        .map(TestResult::id)
        .toList();
  }

  private static boolean isSlower(TestResult was, TestResult is) {
    return is.duration().toNanos() > was.duration().toNanos() * SLOWER
        && is.duration().minus(was.duration()).compareTo(SLOWER_BY) > 0;
  }

  /// Figures that were taken otherwise are not comparable.
  private static boolean isLarger(TestResult was, TestResult is) {
    return was.source() == is.source()
        && is.peak().compareTo(was.peak().times(LARGER)) > 0
        && is.peak().minus(was.peak()).compareTo(LARGER_BY) > 0;
  }
}
