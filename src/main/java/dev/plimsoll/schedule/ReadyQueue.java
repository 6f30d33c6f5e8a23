package dev.plimsoll.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Units that wait, by group.
///
/// Inside a group units wait in classes of expected peak (powers of two), those that compute apart
/// from those that wait, each in the order of rank. The first unit that fits is then the best head
/// among the classes, so a pick costs the number of classes and a logarithm, however many units
/// wait.
final class ReadyQueue {
  private static final int SIZES = 48;

  private final List<List<PriorityQueue<Unit>>> waiting = new ArrayList<>();
  private final int[] tests;
  private final long[] micros;

  ReadyQueue(int groups) {
    tests = new int[groups];
    micros = new long[groups];
    for (int group = 0; group < groups; group++) {
      var classes = new ArrayList<PriorityQueue<Unit>>(2 * SIZES);
      for (int i = 0; i < 2 * SIZES; i++) {
        classes.add(new PriorityQueue<>(4, Unit.BY_RANK));
      }
      waiting.add(classes);
    }
  }

  void add(Unit unit) {
    waiting.get(unit.group()).get(classOf(unit)).add(unit);
    tests[unit.group()] += unit.tests().size();
    micros[unit.group()] += unit.micros();
  }

  void remove(Unit unit) {
    if (waiting.get(unit.group()).get(classOf(unit)).remove(unit)) {
      tests[unit.group()] -= unit.tests().size();
      micros[unit.group()] -= unit.micros();
    }
  }

  /// Tests that wait in a group.
  int tests(int group) {
    return tests[group];
  }

  /// Expected work that waits in a group, in microseconds.
  long micros(int group) {
    return micros[group];
  }

  /// All units, in no order.
  Stream<Unit> all() {
    return waiting.stream().flatMap(List::stream).flatMap(PriorityQueue::stream);
  }

  /// The unit of lowest rank, whatever its size.
  @Nullable Unit first(IntPredicate groups) {
    return first(groups, peak -> true, unit -> true);
  }

  /// The unit of lowest rank among the heads of the classes that fits and is wanted.
  ///
  /// @param groups which groups may give
  /// @param fits whether an expected peak in bytes fits
  @Nullable Unit first(IntPredicate groups, LongPredicate fits, Predicate<Unit> wanted) {
    Unit best = null;
    for (int group = 0; group < waiting.size(); group++) {
      if (tests[group] == 0 || !groups.test(group)) {
        continue;
      }
      for (PriorityQueue<Unit> units : waiting.get(group)) {
        Unit head = units.peek();
        boolean better = head != null && (best == null || head.rank() < best.rank());
        if (better && fits.test(head.peak().value()) && wanted.test(head)) {
          best = head;
        }
      }
    }
    return best;
  }

  private static int classOf(Unit unit) {
    long mib = unit.peak().value() >> 20;
    int size = Math.min(SIZES - 1, Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, mib)));
    return unit.waits() ? SIZES + size : size;
  }
}
