package dev.plimsoll.diagnose;

import java.util.Set;

/// What was seen in an experiment.
///
/// @param present those of the interfering set that ran at the very time at which the test failed;
///   empty when that says nothing
public record Observation(ExperimentOutcome outcome, Set<String> present) {
  public Observation {
    present = Set.copyOf(present);
  }

  public static Observation of(ExperimentOutcome outcome) {
    return new Observation(outcome, Set.of());
  }
}
