package dev.plimsoll.diagnose;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// All experiments so far. A set of tests is a set of positions in a pool.
final class Notebook {
  private record Entry(int pool, BitSet interfering, Observation seen) {}

  private final List<Entry> entries = new ArrayList<>();

  void add(int pool, BitSet interfering, Observation seen) {
    entries.add(new Entry(pool, (BitSet) interfering.clone(), seen));
  }

  int size() {
    return entries.size();
  }

  /// Experiments with at least these tests.
  Tally with(Sought sought, int pool, BitSet interfering) {
    return tally(sought, entry -> entry.pool() == pool && holds(entry.interfering(), interfering));
  }

  /// Experiments with exactly these tests; without any tests, the pool does not matter.
  Tally exactly(Sought sought, int pool, BitSet interfering) {
    return tally(
        sought,
        entry ->
            (entry.pool() == pool || interfering.isEmpty())
                && entry.interfering().equals(interfering));
  }

  /// The experiments with exactly these tests, up to the first in which the effect occurred.
  Tally untilFirst(Sought sought, BitSet interfering) {
    int runs = 0;
    for (Entry entry : entries) {
      if (entry.interfering().equals(interfering)) {
        runs++;
        if (sought.isIn(entry.seen())) {
          return new Tally(1, runs);
        }
      }
    }
    return new Tally(0, runs);
  }

  /// The failures that differ from this one, each with how often it occurred, as first seen.
  Map<Failure, Integer> others(Failure failure) {
    var others = new LinkedHashMap<Failure, Integer>();
    entries.stream()
        .filter(entry -> entry.seen().outcome() == ExperimentOutcome.FAILED)
        .map(entry -> entry.seen().failure())
        .filter(seen -> !seen.isSame(failure))
        .forEach(seen -> {
          Failure first = others.keySet().stream().filter(seen::isSame).findFirst().orElse(seen);
          others.merge(first, 1, Integer::sum);
        });
    return others;
  }

  private static boolean holds(BitSet interfering, BitSet part) {
    BitSet missing = (BitSet) part.clone();
    missing.andNot(interfering);
    return missing.isEmpty();
  }

  private Tally tally(Sought sought, Predicate<Entry> wanted) {
    int hits = 0;
    int runs = 0;
    for (Entry entry : entries) {
      if (wanted.test(entry)) {
        runs++;
        hits += sought.isIn(entry.seen()) ? 1 : 0;
      }
    }
    return new Tally(hits, runs);
  }
}
