package dev.plimsoll.diagnose;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/// All experiments so far. A set of tests is a set of positions in a pool.
final class Notebook {
  private record Entry(int pool, BitSet interfering, ExperimentOutcome outcome) {}

  private final List<Entry> entries = new ArrayList<>();

  void add(int pool, BitSet interfering, ExperimentOutcome outcome) {
    entries.add(new Entry(pool, (BitSet) interfering.clone(), outcome));
  }

  int size() {
    return entries.size();
  }

  /// Experiments with at least these tests.
  Tally with(Effect effect, int pool, BitSet interfering) {
    return tally(effect, entry -> entry.pool() == pool && holds(entry.interfering(), interfering));
  }

  /// Experiments with exactly these tests; without any tests, the pool does not matter.
  Tally exactly(Effect effect, int pool, BitSet interfering) {
    return tally(
        effect,
        entry ->
            (entry.pool() == pool || interfering.isEmpty())
                && entry.interfering().equals(interfering));
  }

  private static boolean holds(BitSet interfering, BitSet part) {
    BitSet missing = (BitSet) part.clone();
    missing.andNot(interfering);
    return missing.isEmpty();
  }

  private Tally tally(Effect effect, Predicate<Entry> wanted) {
    int hits = 0;
    int runs = 0;
    for (Entry entry : entries) {
      if (wanted.test(entry)) {
        runs++;
        hits += effect.showsIn(entry.outcome()) ? 1 : 0;
      }
    }
    return new Tally(hits, runs);
  }
}
