package dev.plimsoll.diagnose;

import java.util.Set;

/// What was seen in an experiment.
///
/// @param present those of the company that ran at the very time at which the test failed; empty
///   when that says nothing
public record Observation(Sighting sighting, Set<String> present) {
  public Observation {
    present = Set.copyOf(present);
  }

  public static Observation of(Sighting sighting) {
    return new Observation(sighting, Set.of());
  }
}
