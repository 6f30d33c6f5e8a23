package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tests that stay together on one worker, in this order: one free test, or those that share a
/// fixture of their module or class, a file, or an `xdist_group`.
///
/// @param rank place in the order of the run; lower runs earlier
/// @param tests indexes of its tests, never empty
/// @param peak the largest expected peak among its tests
/// @param micros expected time of all its tests, in microseconds
/// @param exclusive whether nothing else may run beside it
/// @param cores how many cores it keeps busy on average
record Unit(
    int rank,
    List<Integer> tests,
    int group,
    Bytes peak,
    long micros,
    boolean exclusive,
    double cores) {
  /// (Those that `Comparator` makes cost the start of a run some milliseconds each: they can be
  /// serialized, and no cache keeps the classes of such.)
  static final Comparator<Unit> BY_RANK = (a, b) -> Integer.compare(a.rank, b.rank);

  /// Below this share of its time a unit that computes counts as one that waits.
  private static final double WAITS = 0.5;

  /// Whether it waits most of its time, so that it can run beside units that keep all cores busy.
  boolean waits() {
    return cores < WAITS;
  }

  /// A unit is only itself: its parts have its rank, and to compare all tests at the end of each
  /// would cost their square.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return rank;
  }

  Unit {
    tests = List.copyOf(tests);
    if (tests.isEmpty()) {
      throw new IllegalArgumentException("a unit has at least one test");
    }
  }
}
