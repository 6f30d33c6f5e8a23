package dev.plimsoll.calibrate.choice;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// How the tests of one run ended, as far as it was taken down.
///
/// @param passed how many passed, empty when it was not taken down
/// @param skipped how many were skipped, likewise
/// @param failed tests that failed, crashed or ended in an error
/// @param failedTests names of failed tests, as far as they are known
/// @param troubles what else went wrong, in words: a crash, SIGKILL, OOM, a timeout
public record Outcomes(
    OptionalInt passed,
    OptionalInt skipped,
    int failed,
    List<String> failedTests,
    List<String> troubles) {
  public Outcomes {
    failedTests = failedTests.stream().sorted().distinct().toList();
    troubles = List.copyOf(troubles);
    failed = Math.max(failed, failedTests.size());
  }

  /// A run in which nothing failed.
  public static Outcomes passed(int passed, int skipped) {
    return new Outcomes(OptionalInt.of(passed), OptionalInt.of(skipped), 0, List.of(), List.of());
  }

  /// A run of which only the failures are known.
  public static Outcomes failures(List<String> failedTests, List<String> troubles) {
    return new Outcomes(
        OptionalInt.empty(), OptionalInt.empty(), failedTests.size(), failedTests, troubles);
  }

  /// The same without the failures of these tests.
  Outcomes without(Set<String> tests) {
    var left = failedTests.stream().filter(test -> !tests.contains(test)).toList();
    return new Outcomes(
        passed, skipped, failed - (failedTests.size() - left.size()), left, troubles);
  }

  /// Whether nothing failed and nothing else went wrong.
  public boolean clean() {
    return failed == 0 && troubles.isEmpty();
  }
}
