package dev.plimsoll.calibrate;

import java.util.List;

/// How the tests of one run ended, as far as it was taken down.
///
/// @param counted whether `passed` and `skipped` are known
/// @param failed tests that failed, crashed or ended in an error
/// @param failedTests names of failed tests, as far as they are known
/// @param troubles what else went wrong, in words: a crash, SIGKILL, OOM, a timeout
public record Outcomes(
    boolean counted,
    int passed,
    int skipped,
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
    return new Outcomes(true, passed, skipped, 0, List.of(), List.of());
  }

  /// Whether nothing failed and nothing else went wrong.
  public boolean clean() {
    return failed == 0 && troubles.isEmpty();
  }
}
