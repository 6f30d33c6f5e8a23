package dev.plimsoll.diagnose;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/// All experiments that were made. Companies are places in a pool.
final class Notebook {
  private record Entry(int pool, BitSet company, Sighting sighting) {}

  private final List<Entry> entries = new ArrayList<>();

  void add(int pool, BitSet company, Sighting sighting) {
    entries.add(new Entry(pool, (BitSet) company.clone(), sighting));
  }

  int size() {
    return entries.size();
  }

  /// Experiments with at least this company.
  Tally with(Effect effect, int pool, BitSet company) {
    return tally(effect, entry -> entry.pool() == pool && holds(entry.company(), company));
  }

  /// Experiments with just this company; without any the pool makes no difference.
  Tally exactly(Effect effect, int pool, BitSet company) {
    return tally(
        effect,
        entry -> (entry.pool() == pool || company.isEmpty()) && entry.company().equals(company));
  }

  private static boolean holds(BitSet company, BitSet part) {
    BitSet missing = (BitSet) part.clone();
    missing.andNot(company);
    return missing.isEmpty();
  }

  private Tally tally(Effect effect, Predicate<Entry> wanted) {
    int hits = 0;
    int runs = 0;
    for (Entry entry : entries) {
      if (wanted.test(entry)) {
        runs++;
        hits += effect.showsIn(entry.sighting()) ? 1 : 0;
      }
    }
    return new Tally(hits, runs);
  }
}
