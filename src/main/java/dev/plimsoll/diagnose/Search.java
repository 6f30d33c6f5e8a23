package dev.plimsoll.diagnose;

import dev.plimsoll.diagnose.Diagnosis.Finding;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Searches for the smallest set of tests that has an effect on a test.
///
/// If the effect occurs in an experiment, its set certainly contains all interfering tests. If it
/// does not occur, that may be chance, because they may not interfere every time. So a "yes" is
/// accepted at once, and a "no" only after a number of misses in a row, which depends on how often
/// the effect has occurred so far with sets that are known to have it.
///
/// One failure is sought: the recorded one, or else the first that occurs. Another one is a miss.
/// When only others occur, the first of them is sought instead.
///
/// The shortest beginning of an ordered set that has the effect ends with an interfering test; it
/// is found by halving. That test stays, the tests after it are dropped, and the same is done with
/// the tests before it, until the remaining ones alone have the effect: about log n experiments
/// each. A wrong "no" only adds a harmless test to the set. The proof at the end, which leaves out
/// each test in turn, drops it again.
public final class Search {
  /// A wrong "no" costs some more experiments during the search, and a wrong result in the proof.
  private static final double DOUBT = 0.15;

  private static final double DOUBT_IN_PROOF = 1e-4;

  /// Nothing is proven by this, but a test that is flaky alone must not pass for one that something
  /// outlives: it looks the same as long as chance lets it.
  private static final double DOUBT_IN_LINGERING = 1e-3;

  /// If the effect is so rare that its absence takes more runs than this, nothing is proven.
  private static final int MOST_MISSES = 100;

  private static final int FEW_MISSES = 10;

  private static final BitSet NOBODY = new BitSet();
  private static final Pool NO_POOL = new Pool(Way.BEFORE, List.of(), "");

  private final String test;
  private final List<Pool> pools;
  private final Effort effort;
  private final ExperimentDriver driver;
  private final Failure recorded;
  private final Notebook notebook = new Notebook();
  private Sought sought;

  /// The index of the pool with the interfering tests.
  private int pool;

  /// The smallest set of that pool that is known to have the effect.
  private BitSet smallest = NOBODY;

  /// The tests that were running when the effect last occurred.
  private Set<String> present = Set.of();

  private Tally oneWorker = Tally.NONE;

  /// @param pools the suspects, most suspected first
  /// @param recorded why the test failed in the last recorded run in which it did
  public Search(
      String test, List<Pool> pools, Effort effort, ExperimentDriver driver, Failure recorded) {
    this.test = test;
    this.pools = new ArrayList<>(pools.stream().filter(one -> !one.tests().isEmpty()).toList());
    this.effort = effort;
    this.driver = driver;
    this.recorded = recorded;
    this.sought = new Sought(Effect.BREAKS, recorded);
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
    Finding found = examineSought();
    var others = notebook.others(sought.failure()).keySet();
    if (found == Finding.NEVER && !others.isEmpty()) {
      sought = new Sought(Effect.BREAKS, others.iterator().next());
      return examineSought();
    }
    return found;
  }

  private Finding examineSought() {
    while (alone().runs() < effort.alone()) {
      shows(NOBODY, NOBODY);
    }
    Tally alone = alone();
    if (alone.hits() == 0) {
      return inCompany(effort.tries()) ? narrow() : Finding.NEVER;
    }
    if (alone.hits() < alone.runs()) {
      return Finding.FLAKY;
    }
    sought = sought.with(Effect.MENDS);
    return inCompany(1) ? narrow() : Finding.FAILS_ALONE;
  }

  /// Whether the effect occurs with one of the pools as a whole; they take turns. Only a test that
  /// ran before can have done what a test needs.
  private boolean inCompany(int tries) {
    for (int i = 0; i < tries; i++) {
      for (pool = 0; pool < pools.size(); pool++) {
        boolean possible =
            sought.effect() == Effect.BREAKS ? i < effort.tries(way()) : way() == Way.BEFORE;
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
      return aloneToo();
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
    return smallest.isEmpty() ? aloneToo() : prove();
  }

  /// Why the effect occurs alone, after runs alone without it: for good since then, because
  /// something outlives the processes, or by chance. One more run without it proves chance; so many
  /// in a row with it, that they are no chance, prove the other.
  private Finding aloneToo() {
    Tally first = notebook.untilFirst(sought, NOBODY);
    int before = first.runs() - first.hits();
    int enough = new Tally(before, before).misses(DOUBT_IN_LINGERING);
    Tally all = exactly(NOBODY);
    while (all.runs() - all.hits() == before) {
      if (all.hits() >= enough) {
        return Finding.LINGERS;
      }
      shows(NOBODY, NOBODY);
      all = exactly(NOBODY);
    }
    smallest = NOBODY;
    return Finding.FLAKY;
  }

  /// Continue with only the tests that were running at the failure, if they have the effect too.
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

  /// Prove the smallest set: the effect occurs often enough with it, and never with one test left
  /// out. Earlier passes do not count: they are why these tests are suspected.
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
          return rest.isEmpty() ? aloneToo() : prove();
        }
      }
    }
    tryOneWorker();
    return Finding.PROVEN;
  }

  /// Whether the effect occurs often enough with the smallest set to prove something by its
  /// absence. A few more such runs save as many misses for each test that is left out.
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

  /// Whether a test that fails concurrently with others passes in one worker with them: then a mark
  /// that keeps them together is a fix.
  private void tryOneWorker() {
    if (way() == Way.CONCURRENT && sought.effect() == Effect.BREAKS) {
      var trial = new ExperimentSetup(Way.BEFORE, names(smallest), Set.of());
      for (int i = 0; i < effort.proofs(); i++) {
        boolean failed = observe(trial, -1, smallest).outcome() == ExperimentOutcome.FAILED;
        oneWorker = new Tally(oneWorker.hits() + (failed ? 1 : 0), i + 1);
      }
    }
  }

  /// Whether the effect occurs with these and the first tests of the pool; repeats a miss until
  /// there is little doubt.
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
    return sought.isIn(observe(trial, from, interfering));
  }

  private Observation observe(ExperimentSetup trial, int from, BitSet interfering) {
    Observation seen = driver.observe(trial);
    if (seen.outcome() == ExperimentOutcome.STOPPED) {
      throw new Stopped();
    }
    if (!sought.failure().isKnown()) {
      sought = sought.with(seen.failure());
    }
    notebook.add(from, interfering, seen);
    present = seen.present();
    return seen;
  }

  /// How often the effect occurs with sets that have it.
  private Tally known() {
    return notebook.with(sought, pool, smallest);
  }

  private Tally exactly(BitSet interfering) {
    return notebook.exactly(sought, pool, interfering);
  }

  private Tally alone() {
    return notebook.exactly(sought.with(Effect.BREAKS), pool, NOBODY);
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
        sought.effect(),
        way(),
        names(smallest),
        exactly(smallest),
        without,
        alone(),
        oneWorker,
        notebook.size(),
        new Diagnosis.Failures(sought.failure(), recorded, notebook.others(sought.failure())));
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("stopped", null, false, false);
    }
  }
}
