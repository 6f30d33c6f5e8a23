package dev.plimsoll.diagnose;

import java.util.List;
import java.util.Set;

/// An experiment: the test with interfering tests.
///
/// @param interfering the other tests, in the order in which they run; empty for the test alone
/// @param apart those of the interfering set that must run all the time, so each has a worker of
///   its own
public record ExperimentSetup(Way way, List<String> interfering, Set<String> apart) {
  public static final ExperimentSetup ALONE = new ExperimentSetup(Way.BEFORE, List.of(), Set.of());

  public ExperimentSetup {
    interfering = List.copyOf(interfering);
    apart = Set.copyOf(apart);
    if (!interfering.containsAll(apart)) {
      throw new IllegalArgumentException("not in the company: " + apart);
    }
  }
}
