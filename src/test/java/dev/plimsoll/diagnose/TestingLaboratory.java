package dev.plimsoll.diagnose;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// A test whose reaction to company is known.
///
/// @param culprits tests that together have the effect
/// @param chance how often they have it
/// @param alone how often it fails without any company
/// @param lasts whether it fails for good once it failed in company
record TestingLaboratory(
    SplittableRandom random,
    Way way,
    Set<String> culprits,
    Effect effect,
    double chance,
    double alone,
    boolean lasts,
    int most,
    List<Trial> made)
    implements Laboratory {
  static final String TEST = "tests/test_a.py::test_victim";

  static TestingLaboratory of(long seed, Way way, Set<String> culprits, double chance) {
    return new TestingLaboratory(
        new SplittableRandom(seed),
        way,
        culprits,
        Effect.BREAKS,
        chance,
        0,
        false,
        Integer.MAX_VALUE,
        new ArrayList<>());
  }

  TestingLaboratory mends() {
    return new TestingLaboratory(random, way, culprits, Effect.MENDS, chance, 1, lasts, most, made);
  }

  TestingLaboratory failsAlone(double share) {
    return new TestingLaboratory(random, way, culprits, effect, chance, share, lasts, most, made);
  }

  TestingLaboratory leavesSomethingBehind() {
    return new TestingLaboratory(random, way, culprits, effect, chance, alone, true, most, made);
  }

  TestingLaboratory stopsAfter(int trials) {
    return new TestingLaboratory(random, way, culprits, effect, chance, alone, lasts, trials, made);
  }

  @Override
  public Observation observe(Trial trial) {
    if (made.size() >= most) {
      return Observation.of(Sighting.STOPPED);
    }
    boolean before = lasts && made.stream().anyMatch(this::haveAll);
    made.add(trial);
    boolean act = haveAll(trial) && random.nextDouble() < chance;
    boolean failed =
        effect == Effect.BREAKS
            ? act || before || random.nextDouble() < alone
            : !act && random.nextDouble() < alone;
    return failed
        ? new Observation(Sighting.FAILED, present(trial))
        : Observation.of(Sighting.PASSED);
  }

  /// Who was there when it failed beside others: the culprits and some more, but every fourth time
  /// only some of them.
  private Set<String> present(Trial trial) {
    if (trial.way() == Way.BEFORE) {
      return Set.of();
    }
    var present = new HashSet<String>(random.nextInt(4) == 0 ? Set.of() : culprits);
    trial.company().stream().filter(_ -> random.nextInt(8) == 0).forEach(present::add);
    return present;
  }

  private boolean haveAll(Trial trial) {
    return !culprits.isEmpty() && trial.way() == way && trial.company().containsAll(culprits);
  }
}
