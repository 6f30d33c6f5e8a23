package dev.plimsoll.schedule;

import dev.plimsoll.model.Bytes;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A worker as the scheduler knows it: its tests in order, the first of them running.
final class WorkerSlot {
  final int worker;
  WorkerState state = WorkerState.STARTING;

  /// When its start was decided, in microseconds.
  long opened;

  /// When it was ready for its first test, in microseconds.
  long born;

  /// What it still holds after its tests by the last look, at how many looks in a row that was too
  /// much, and whether it must go for that.
  Bytes kept = Bytes.ZERO;

  int looksOver;

  boolean outgrown;

  /// When the running test began, in microseconds.
  long since;

  /// What the running test has allocated so far, in bytes.
  long growth;

  final ArrayDeque<Integer> tests = new ArrayDeque<>();

  /// Its units in order, and how many tests of each are still here.
  final Map<Unit, Integer> units = new LinkedHashMap<>();

  long micros;
  private long peak;

  WorkerSlot(int worker) {
    this.worker = worker;
  }

  boolean isIdle() {
    return tests.isEmpty();
  }

  boolean isStaying() {
    return state != WorkerState.RETIRING && state != WorkerState.KILLING;
  }

  /// When its tests are expected to be done.
  long end(long now) {
    return Math.max(now, since + micros);
  }

  /// Whether its end is expected soon; of a test that runs longer than expected nobody knows.
  boolean endsWithin(long limit, long now) {
    long left = since + micros - now;
    return left >= 0 && left <= limit;
  }

  boolean canTake() {
    return state == WorkerState.READY && !outgrown;
  }

  /// The largest expected peak among its tests, in bytes.
  long peak() {
    return peak;
  }

  /// The most cores that one of its units keeps busy.
  double cores() {
    double most = 0;
    for (Unit unit : units.keySet()) {
      most = Math.max(most, unit.cores());
    }
    return most;
  }

  /// How far the running test is above what it was expected to take, in bytes; negative below.
  long excess() {
    return growth - peak;
  }

  boolean runs(int group) {
    for (Unit unit : units.keySet()) {
      if (unit.group() == group) {
        return true;
      }
    }
    return false;
  }

  boolean hasExclusive() {
    return units.keySet().stream().anyMatch(Unit::exclusive);
  }

  void give(Unit unit) {
    putBack(unit, unit.tests());
    micros += unit.micros();
    peak = Math.max(peak, unit.peak().value());
  }

  /// Take a test of a unit away.
  ///
  /// @return whether it was here
  boolean take(int test, Unit unit) {
    boolean was = tests.remove((Integer) test);
    if (was) {
      units.merge(unit, -1, Integer::sum);
    }
    return was;
  }

  /// Put tests of a unit behind all others.
  void putBack(Unit unit, List<Integer> some) {
    tests.addAll(some);
    units.merge(unit, some.size(), Integer::sum);
  }

  /// Forget a unit when none of its tests is here any more.
  void forget(Unit unit) {
    if (units.remove(unit, 0)) {
      micros -= unit.micros();
      peak = units.keySet().stream().mapToLong(u -> u.peak().value()).max().orElse(0);
    }
  }
}
