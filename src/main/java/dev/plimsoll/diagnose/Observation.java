package dev.plimsoll.diagnose;

import java.util.Set;

/// The observation of an experiment.
///
/// @param present the other tests that were running at the moment at which the test failed; empty
///   if that is not meaningful
/// @param failure why the test failed; not known when it passed
public record Observation(ExperimentOutcome outcome, Set<String> present, Failure failure) {
  public Observation {
    present = Set.copyOf(present);
  }

  public static Observation of(ExperimentOutcome outcome) {
    return new Observation(outcome, Set.of(), Failure.UNKNOWN);
  }
}
