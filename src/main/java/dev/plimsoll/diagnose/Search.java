package dev.plimsoll.diagnose;

import dev.plimsoll.diagnose.Diagnosis.Finding;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Search for the smallest interfering set that has an effect on a test.
///
/// An experiment in which the effect shows is certain: its interfering set has all culprits in it.
/// One in which it does not show may be bad luck, when culprits do not always act. So a "yes" is
/// believed at once and a "no" only after a number of misses in a row, which follows from how often
/// the effect has shown so far in companies that are known to have it.
///
/// Of a interfering set in order, the shortest beginning with the effect ends with a culprit; it is
/// found by halving. That culprit stays, what came after it is dropped, and the same is done with
/// what came before it, until the culprits alone have the effect: about log n experiments for each.
/// A "no" that was wrong only lets an innocent test in, and the proof at the end, which leaves out
/// each one in turn with little doubt, drops it again.
public final class Search {
  /// A wrong "no" costs some experiments more during the search, and a false charge in the proof.
  private static final double DOUBT = 0.15;

  private static final double DOUBT_IN_PROOF = 1e-4;

  /// An effect so rare that its absence takes more runs than this is not proven.
  private static final int MOST_MISSES = 100;

  private static final int FEW_MISSES = 10;

  private static final BitSet NOBODY = new BitSet();
  private static final Pool NO_POOL = new Pool(Way.BEFORE, List.of(), "");

  private final String test;
  private final List<Pool> pools;
  private final Effort effort;
  private final ExperimentDriver driver;
  private final Notebook notebook = new Notebook();
  private Effect effect = Effect.BREAKS;

  /// The pool with the culprits, as its place in the list.
  private int pool;

  /// The smallest interfering set of that pool that is known to have the effect.
  private BitSet smallest = NOBODY;

  /// Who was there when the effect last showed.
  private Set<String> present = Set.of();

  private Tally oneWorker = Tally.NONE;

  /// @param pools where culprits may be, the most suspected first
  public Search(String test, List<Pool> pools, Effort effort, ExperimentDriver driver) {
    this.test = test;
    this.pools = new ArrayList<>(pools.stream().filter(one -> !one.tests().isEmpty()).toList());
    this.effort = effort;
    this.driver = driver;
  }

  /// Search until something is proven, nothing is left to try, or the driver stops.
  public Diagnosis run() {
    try {
      return diagnosis(examine());
    } catch (Stopped e) {
      return diagnosis(smallest.isEmpty() ? Finding.STOPPED : Finding.UNPROVEN);
    }
  }

  private Finding examine() {
    for (int i = 0; i < effort.alone(); i++) {
      shows(NOBODY, NOBODY);
    }
    Tally alone = alone();
    if (alone.hits() == 0) {
      return inCompany(effort.tries()) ? narrow() : Finding.NEVER;
    }
    if (alone.hits() < alone.runs()) {
      return Finding.FLAKY;
    }
    effect = Effect.MENDS;
    return inCompany(1) ? narrow() : Finding.FAILS_ALONE;
  }

  /// Whether the effect shows in one of the pools as a whole; they take turns. Only what ran before
  /// a test can have done what it needs.
  private boolean inCompany(int tries) {
    for (int i = 0; i < tries; i++) {
      for (pool = 0; pool < pools.size(); pool++) {
        boolean possible = effect == Effect.BREAKS ? i < effort.tries(way()) : way() == Way.BEFORE;
        BitSet all = first(pool().tests().size());
        if (possible && shows(all, NOBODY)) {
          smallest = all;
          return true;
        }
      }
    }
    pool = 0;
    return false;
  }

  private Finding narrow() {
    Set<String> there = present;
    if (shows(NOBODY, NOBODY)) {
      return Finding.LINGERS;
    }
    takeOnly(there);
    var kept = new BitSet();
    int end = pool().tests().size();
    while (end > 0 && !showsIn(kept, 0)) {
      int without = 0;
      int with = end;
      while (with - without > 1) {
        int middle = (without + with) >>> 1;
        if (showsIn(kept, middle)) {
          with = middle;
        } else {
          without = middle;
        }
      }
      end = with - 1;
      kept.set(end);
    }
    return smallest.isEmpty() ? Finding.LINGERS : prove();
  }

  /// Go on with those alone who were there when it happened, if that shows the effect, too.
  private void takeOnly(Set<String> there) {
    var few = pool().tests().stream().filter(there::contains).toList();
    if (few.isEmpty() || few.size() == pool().tests().size()) {
      return;
    }
    BitSet all = first(few.size());
    int added = pools.size();
    pools.add(new Pool(way(), few, "ran at the same time when it failed"));
    int misses = known().missesOfMost(DOUBT);
    for (int i = 0; i < misses; i++) {
      if (shows(new ExperimentSetup(way(), few, Set.of()), added, all)) {
        pool = added;
        smallest = all;
        return;
      }
    }
  }

  /// Prove the smallest interfering set: the effect shows often enough with it, and never with one
  /// of it left out. What passed before does not count for that: it is why these were suspected.
  private Finding prove() {
    if (!confirm()) {
      return Finding.UNPROVEN;
    }
    for (int place : smallest.stream().toArray()) {
      BitSet rest = without(place);
      int before = exactly(rest).runs();
      while (exactly(rest).runs() - before < known().misses(DOUBT_IN_PROOF)) {
        if (shows(rest, rest)) {
          smallest = rest;
          return rest.isEmpty() ? Finding.LINGERS : prove();
        }
      }
    }
    tryOneWorker();
    return Finding.PROVEN;
  }

  /// Whether the effect shows often enough with the smallest interfering set to prove something by
  /// its absence. Some runs more of it save as many misses for each one that is left out.
  private boolean confirm() {
    Tally seen = exactly(smallest);
    while (seen.hits() < effort.proofs()
        || (seen.hits() < 2 * effort.proofs() && known().misses(DOUBT_IN_PROOF) > FEW_MISSES)) {
      if (seen.runs() - seen.hits() > MOST_MISSES) {
        return false;
      }
      shows(smallest, smallest);
      seen = exactly(smallest);
    }
    return known().misses(DOUBT_IN_PROOF) <= MOST_MISSES;
  }

  /// Whether a test that breaks beside others is well in one worker with them: then a mark that
  /// keeps them together is a remedy.
  private void tryOneWorker() {
    if (way() == Way.CONCURRENT && effect == Effect.BREAKS) {
      var trial = new ExperimentSetup(Way.BEFORE, names(smallest), Set.of());
      for (int i = 0; i < effort.proofs(); i++) {
        boolean failed = shows(trial, -1, smallest);
        oneWorker = new Tally(oneWorker.hits() + (failed ? 1 : 0), i + 1);
      }
    }
  }

  /// Whether the effect shows with these and the first ones of the pool; a miss is tried again
  /// until there is little doubt.
  private boolean showsIn(BitSet kept, int beginning) {
    BitSet interfering = first(beginning);
    interfering.or(kept);
    int misses = known().missesOfMost(DOUBT);
    boolean hit = exactly(interfering).hits() > 0;
    while (!hit && exactly(interfering).runs() < misses) {
      hit = shows(interfering, kept);
    }
    if (hit) {
      smallest = interfering;
    }
    return hit;
  }

  private boolean shows(BitSet interfering, BitSet apart) {
    Way way = interfering.isEmpty() ? Way.BEFORE : way();
    return shows(
        new ExperimentSetup(way, names(interfering), Set.copyOf(names(apart))), pool, interfering);
  }

  private boolean shows(ExperimentSetup trial, int from, BitSet interfering) {
    Observation seen = driver.observe(trial);
    if (seen.outcome() == ExperimentOutcome.STOPPED) {
      throw new Stopped();
    }
    notebook.add(from, interfering, seen.outcome());
    present = seen.present();
    return effect.showsIn(seen.outcome());
  }

  /// How often the effect shows in companies that have it.
  private Tally known() {
    return notebook.with(effect, pool, smallest);
  }

  private Tally exactly(BitSet interfering) {
    return notebook.exactly(effect, pool, interfering);
  }

  private Tally alone() {
    return notebook.exactly(Effect.BREAKS, pool, NOBODY);
  }

  private Way way() {
    return pool().way();
  }

  private Pool pool() {
    return pools.isEmpty() ? NO_POOL : pools.get(pool);
  }

  private BitSet without(int place) {
    BitSet rest = (BitSet) smallest.clone();
    rest.clear(place);
    return rest;
  }

  private List<String> names(BitSet interfering) {
    return interfering.stream().mapToObj(pool().tests()::get).toList();
  }

  private static BitSet first(int count) {
    var first = new BitSet();
    first.set(0, count);
    return first;
  }

  private Diagnosis diagnosis(Finding finding) {
    Tally without =
        smallest.stream()
            .mapToObj(place -> exactly(without(place)))
            .min(Comparator.comparingInt(Tally::runs))
            .orElse(Tally.NONE);
    return new Diagnosis(
        test,
        finding,
        effect,
        way(),
        names(smallest),
        exactly(smallest),
        without,
        alone(),
        oneWorker,
        notebook.size());
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("stopped", null, false, false);
    }
  }
}
