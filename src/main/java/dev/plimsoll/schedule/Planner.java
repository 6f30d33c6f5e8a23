package dev.plimsoll.schedule;

import dev.plimsoll.estimate.Estimate.Basis;
import dev.plimsoll.model.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/// Cut the collected tests into units and put the units in order: by group, then longest first, by
/// path, by path with a {@linkplain ShortTail short tail}, by risk or as collected.
final class Planner {
  /// Nobody sees a failure sooner by less than this. Without it, hundreds of tests that take a
  /// millisecond and hardly ever fail would come before one that failed last time and takes longer.
  private static final long LEAST_MICROS = 50_000;

  private Planner() {}

  static List<Unit> plan(List<Candidate> tests, UnitOrder order, Policy policy) {
    var members = new LinkedHashMap<String, List<Integer>>();
    for (int i = 0; i < tests.size(); i++) {
      Candidate test = tests.get(i);
      members.computeIfAbsent(key(test, i), _ -> new ArrayList<>()).add(i);
    }
    List<Unit> units = new ArrayList<>(members.size());
    for (List<Integer> list : members.values()) {
      units.add(unit(tests, list, 0));
    }
    units.sort(comparator(tests, order, policy));
    var ranked = new ArrayList<Unit>(units.size());
    for (Unit unit : order == UnitOrder.SHORT_TAIL ? shortened(units, policy) : units) {
      ranked.add(
          new Unit(
              ranked.size(),
              unit.tests(),
              unit.group(),
              unit.peak(),
              unit.micros(),
              unit.exclusive(),
              unit.cores()));
    }
    return ranked;
  }

  /// What must run alone comes last in any case.
  private static List<Unit> shortened(List<Unit> units, Policy policy) {
    var all = new ArrayList<Unit>(units.size());
    for (int group = 0; group < policy.caps().size(); group++) {
      int its = group;
      var beside = units.stream().filter(unit -> unit.group() == its && !unit.exclusive()).toList();
      all.addAll(ShortTail.of(beside, policy.cap(group)));
      units.stream().filter(unit -> unit.group() == its && unit.exclusive()).forEach(all::add);
    }
    return all;
  }

  private static String key(Candidate test, int index) {
    return test.unit().isEmpty() || isTooLarge(test)
        ? "\0" + index
        : test.group() + "\0" + test.unit();
  }

  private static boolean isTooLarge(Candidate test) {
    return test.estimate().basis() == Basis.TOO_LARGE;
  }

  private static Unit unit(List<Candidate> tests, List<Integer> list, int rank) {
    Bytes peak = Bytes.ZERO;
    long micros = 0;
    double busy = 0;
    for (int index : list) {
      var estimate = tests.get(index).estimate();
      long time = Math.max(1, estimate.duration().toNanos() / 1000);
      peak = peak.max(estimate.peak());
      micros += time;
      busy += time * estimate.cores();
    }
    return new Unit(
        rank,
        list,
        tests.get(list.getFirst()).group(),
        peak,
        micros,
        isTooLarge(tests.get(list.getFirst())),
        busy / micros);
  }

  private static Comparator<Unit> comparator(
      List<Candidate> tests, UnitOrder order, Policy policy) {
    return (a, b) -> {
      if (a.group() != b.group()) {
        return Integer.compare(a.group(), b.group());
      }
      int first = a.tests().getFirst();
      int other = b.tests().getFirst();
      int by =
          switch (order) {
            case LONGEST -> Double.compare(cost(b, policy), cost(a, policy));
            case FAILED_FIRST ->
                Double.compare(failuresPerTime(tests, b), failuresPerTime(tests, a));
            case PATH, SHORT_TAIL -> comparePaths(tests.get(first).path(), tests.get(other).path());
            case COLLECTED -> 0;
          };
      return by != 0 ? by : Integer.compare(first, other);
    };
  }

  /// How much of the machine a unit takes, for how long: the larger of its shares of workers and of
  /// memory. In a suite that memory bounds, large tests are then begun early and small ones fill
  /// the headroom beside them.
  private static double cost(Unit unit, Policy policy) {
    double memory = unit.peak().value() / (double) Math.max(1, policy.capacity().value());
    return unit.micros() * Math.max(memory, 1.0 / policy.workers());
  }

  /// The probability that a test of the unit fails, for each microsecond of the unit: in this order
  /// the first failure is expected soonest, as in Smith's rule of weighted shortest jobs (Smith
  /// 1956, "Various optimizers for single-stage production").
  private static double failuresPerTime(List<Candidate> tests, Unit unit) {
    double green = 1;
    for (int test : unit.tests()) {
      green *= 1 - tests.get(test).estimate().risk();
    }
    return (1 - green) / Math.max(LEAST_MICROS, unit.micros());
  }

  /// The order of the paths' UTF-8 bytes, which is the order of their code points.
  private static int comparePaths(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean sameKind = Character.isSurrogate(x) == Character.isSurrogate(y);
        return sameKind ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
