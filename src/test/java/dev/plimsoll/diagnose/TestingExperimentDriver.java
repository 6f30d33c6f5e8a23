package dev.plimsoll.diagnose;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// A test whose reaction to interfering set is known.
///
/// @param culprits tests that together have the effect
/// @param chance how often they have it
/// @param alone how often it fails without any interfering set
/// @param lasts whether it fails for good once it failed with interfering tests
record TestingExperimentDriver(
    SplittableRandom random,
    Way way,
    Set<String> culprits,
    Effect effect,
    double chance,
    double alone,
    boolean lasts,
    int most,
    List<ExperimentSetup> made)
    implements ExperimentDriver {
  static final String TEST = "tests/test_a.py::test_victim";

  static TestingExperimentDriver of(long seed, Way way, Set<String> culprits, double chance) {
    return new TestingExperimentDriver(
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

  TestingExperimentDriver mends() {
    return new TestingExperimentDriver(
        random, way, culprits, Effect.MENDS, chance, 1, lasts, most, made);
  }

  TestingExperimentDriver failsAlone(double share) {
    return new TestingExperimentDriver(
        random, way, culprits, effect, chance, share, lasts, most, made);
  }

  TestingExperimentDriver leavesSomethingBehind() {
    return new TestingExperimentDriver(
        random, way, culprits, effect, chance, alone, true, most, made);
  }

  TestingExperimentDriver stopsAfter(int trials) {
    return new TestingExperimentDriver(
        random, way, culprits, effect, chance, alone, lasts, trials, made);
  }

  @Override
  public Observation observe(ExperimentSetup trial) {
    if (made.size() >= most) {
      return Observation.of(ExperimentOutcome.STOPPED);
    }
    boolean before = lasts && made.stream().anyMatch(this::haveAll);
    made.add(trial);
    boolean act = haveAll(trial) && random.nextDouble() < chance;
    boolean failed =
        effect == Effect.BREAKS
            ? act || before || random.nextDouble() < alone
            : !act && random.nextDouble() < alone;
    return failed
        ? new Observation(ExperimentOutcome.FAILED, present(trial), Failure.UNKNOWN)
        : Observation.of(ExperimentOutcome.PASSED);
  }

  /// Who was there when it failed beside others: the culprits and some more, but every fourth time
  /// only some of them.
  private Set<String> present(ExperimentSetup trial) {
    if (trial.way() == Way.BEFORE) {
      return Set.of();
    }
    var present = new HashSet<String>(random.nextInt(4) == 0 ? Set.of() : culprits);
    trial.interfering().stream().filter(_ -> random.nextInt(8) == 0).forEach(present::add);
    return present;
  }

  private boolean haveAll(ExperimentSetup trial) {
    return !culprits.isEmpty() && trial.way() == way && trial.interfering().containsAll(culprits);
  }
}
