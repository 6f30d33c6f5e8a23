package dev.plimsoll.diagnose;

import dev.plimsoll.calibrate.InterferingTests;
import dev.plimsoll.model.TestResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Makes the pools of a search: the tests that ran with a test when it failed come first, then all
/// other tests.
public final class Suspects {
  private final String test;
  private final Set<String> before;
  private final Set<String> beside;
  private final List<Pool> pools = new ArrayList<>();

  private Suspects(String test, List<String> before, List<String> beside) {
    this.test = test;
    this.before = new HashSet<>(before);
    this.beside = new HashSet<>(beside);
  }

  /// The pools, the most suspected first.
  ///
  /// @param before every test that can run before it, in order
  /// @param beside every test that can run at the same time
  /// @param calibrated what ran at the same time when it failed in a calibration
  /// @param failed all results of the run in which it failed last, empty when none is recorded
  public static List<Pool> of(
      String test,
      List<String> before,
      List<String> beside,
      List<String> calibrated,
      List<TestResult> failed) {
    var suspects = new Suspects(test, before, beside);
    suspects.add(
        Way.CONCURRENT, calibrated, "ran at the same time when it failed in a calibration");
    suspects.recorded(failed);
    suspects.add(Way.BEFORE, before, "all other tests");
    suspects.add(Way.CONCURRENT, beside, "all tests that may run at the same time");
    return suspects.pools;
  }

  private void recorded(List<TestResult> results) {
    results.stream()
        .filter(result -> result.id().equals(test))
        .findFirst()
        .ifPresent(victim -> {
          var together = InterferingTests.of(victim, results);
          add(Way.CONCURRENT, together, "ran at the same time when it failed last");
          var earlier =
              results.stream()
                  .filter(result -> result.worker().equals(victim.worker()))
                  .filter(result -> result.attempts() > 0)
                  .filter(result -> result.start().isBefore(victim.start()))
                  .sorted(Comparator.comparing(TestResult::start))
                  .map(TestResult::id)
                  .toList();
          add(Way.BEFORE, earlier, "ran before it in the same worker when it failed last");
        });
  }

  private void add(Way way, List<String> tests, String origin) {
    Set<String> possible = way == Way.BEFORE ? before : beside;
    var known = tests.stream().filter(possible::contains).toList();
    boolean twice = pools.stream().anyMatch(p -> p.way() == way && p.tests().equals(known));
    if (!known.isEmpty() && !twice) {
      pools.add(new Pool(way, known, origin));
    }
  }
}
