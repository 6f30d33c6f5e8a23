package dev.plimsoll.learn;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What is known of a test file.
///
/// @param hold what keeps it in its group
/// @param time its longest test, in seconds; empty when no test ran often enough
/// @param peak its largest test, in bytes, likewise
/// @param red whether a test of it failed in one of the runs
/// @param parallel its tests that fail only in parallel
public record FileProfile(
    String path,
    String group,
    Hold hold,
    Optional<Figure> time,
    Optional<Figure> peak,
    boolean red,
    List<ParallelOnly> parallel) {
  /// What keeps a file in its group.
  public enum Hold {
    /// A decision by hand.
    HAND,
    /// A path or a marker that the rules name.
    RULE,
    /// A word in its name, or nothing.
    NAME
  }

  public FileProfile {
    parallel = List.copyOf(parallel);
  }

  /// The profile of a file.
  ///
  /// @param recorded of all its tests
  /// @param calibrated findings of calibrations in this file
  public static FileProfile of(
      String path,
      String group,
      Hold hold,
      List<RecordedTest> recorded,
      List<ParallelOnly> calibrated) {
    var tests =
        recorded.stream()
            .collect(
                Collectors.groupingBy(s -> s.result().id(), TreeMap::new, Collectors.toList()));
    var parallel = new TreeMap<String, ParallelOnly>();
    calibrated.stream()
        .filter(finding -> !finding.mended(tests.getOrDefault(finding.test(), List.of())))
        .forEach(finding -> parallel.put(finding.test(), finding));
    tests.forEach(
        (test, seen) -> ParallelOnly.of(test, seen).ifPresent(f -> parallel.putIfAbsent(test, f)));
    return new FileProfile(
        path,
        group,
        hold,
        Figure.of(
            only(tests, s -> !s.red()),
            s -> s.result().duration().toNanos() / 1e9,
            Figure::lowerQuartile),
        Figure.of(
            only(tests, RecordedTest::measured),
            s -> (double) s.result().peak().value(),
            Figure::median),
        recorded.stream().anyMatch(RecordedTest::red),
        List.copyOf(parallel.values()));
  }

  private static Map<String, List<RecordedTest>> only(
      Map<String, List<RecordedTest>> tests, java.util.function.Predicate<RecordedTest> wanted) {
    var filtered = new TreeMap<String, List<RecordedTest>>();
    tests.forEach((test, seen) -> filtered.put(test, seen.stream().filter(wanted).toList()));
    return filtered;
  }

  FileProfile in(String other) {
    return new FileProfile(path, other, Hold.HAND, time, peak, red, parallel);
  }
}
