package dev.plimsoll.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/// Begin the units first that would otherwise run on at the end, while the other workers of their
/// group have nothing left to do.
///
/// Each worker takes the next unit in order when it is free, and each unit takes its expected time.
/// The unit that ends last begins first instead, as long as that pays. All others keep their order.
final class ShortTail {
  /// An order is changed only for a group that then ends sooner by this share of its time, and by
  /// as many microseconds: expectations are no more exact than that.
  private static final double SHARE = 0.05;

  private static final long LEAST_MICROS = 100_000;

  /// Units that may begin first, for each worker. A group whose last units are all long needs about
  /// one for each.
  private static final int MOST = 4;

  private static final Comparator<Unit> LONGEST =
      (a, b) ->
          a.micros() == b.micros()
              ? Integer.compare(a.tests().getFirst(), b.tests().getFirst())
              : Long.compare(b.micros(), a.micros());

  private ShortTail() {}

  /// The units of one group, in the order in which they begin.
  ///
  /// @param units in the order in which they would begin
  /// @param workers how many of them run at the same time
  static List<Unit> of(List<Unit> units, int workers) {
    if (workers == 1 || units.isEmpty()) {
      return units;
    }
    End first = end(units, workers);
    long bound = bound(units, workers);
    Set<Unit> early = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Unit> best = units;
    End least = first;
    End now = first;
    while (isWorth(now.micros(), bound) && early.size() < MOST * workers && early.add(now.unit())) {
      List<Unit> order = begun(early, units);
      now = end(order, workers);
      if (now.micros() < least.micros()) {
        least = now;
        best = order;
      }
    }
    return isWorth(first.micros(), least.micros()) ? best : units;
  }

  private static boolean isWorth(long before, long after) {
    return before - after > Math.max(LEAST_MICROS, (long) (SHARE * before));
  }

  /// No order ends sooner.
  private static long bound(List<Unit> units, int workers) {
    long sum = 0;
    long longest = 0;
    for (Unit unit : units) {
      sum += unit.micros();
      longest = Math.max(longest, unit.micros());
    }
    return Math.max(sum / workers, longest);
  }

  private static List<Unit> begun(Set<Unit> early, List<Unit> units) {
    var order = new ArrayList<Unit>(units.size());
    order.addAll(early);
    order.sort(LONGEST);
    units.stream().filter(unit -> !early.contains(unit)).forEach(order::add);
    return order;
  }

  /// The unit that ends last, and when.
  private record End(long micros, Unit unit) {}

  private static End end(List<Unit> units, int workers) {
    var free = new PriorityQueue<Long>();
    for (int worker = 0; worker < workers; worker++) {
      free.add(0L);
    }
    End last = new End(0, units.getFirst());
    for (Unit unit : units) {
      long end = free.remove() + unit.micros();
      free.add(end);
      if (end > last.micros()) {
        last = new End(end, unit);
      }
    }
    return last;
  }
}
