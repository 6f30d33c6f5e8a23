package dev.plimsoll.calibrate;

import dev.plimsoll.model.TestResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Find the tests that ran at the same time as another.
public final class InterferingTests {
  private static final int MOST = 20;

  private InterferingTests() {}

  /// Tests of other workers whose time overlaps with that of `test`, longest overlap first.
  public static List<String> of(TestResult test, List<TestResult> results) {
    var overlaps = new ArrayList<Overlap>();
    for (TestResult other : results) {
      boolean ran = !other.start().equals(Instant.EPOCH) && !other.worker().isEmpty();
      if (ran && !other.worker().equals(test.worker())) {
        Duration shared = shared(test, other);
        if (shared.isPositive()) {
          overlaps.add(new Overlap(other.id(), shared));
        }
      }
    }
    overlaps.sort(Comparator.comparing(Overlap::shared).reversed().thenComparing(Overlap::test));
    return overlaps.stream().limit(MOST).map(Overlap::test).toList();
  }

  private static Duration shared(TestResult a, TestResult b) {
    Instant from = a.start().isAfter(b.start()) ? a.start() : b.start();
    Instant to = a.end().isBefore(b.end()) ? a.end() : b.end();
    return Duration.between(from, to);
  }

  private record Overlap(String test, Duration shared) {}
}
