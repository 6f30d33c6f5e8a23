package dev.plimsoll.diagnose;

import java.util.List;
import java.util.Set;

/// An experiment: the test together with possibly interfering tests.
///
/// @param interfering the other tests, in the order in which they run; empty for the test alone
/// @param apart the tests among them that must run all the time, so each has a worker of its own
public record ExperimentSetup(Way way, List<String> interfering, Set<String> apart) {
  public static final ExperimentSetup ALONE = new ExperimentSetup(Way.BEFORE, List.of(), Set.of());

  public ExperimentSetup {
    interfering = List.copyOf(interfering);
    apart = Set.copyOf(apart);
    if (!interfering.containsAll(apart)) {
      throw new IllegalArgumentException("not among the interfering tests: " + apart);
    }
  }
}
