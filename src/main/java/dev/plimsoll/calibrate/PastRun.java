package dev.plimsoll.calibrate;

import java.util.List;

/// What a recorded run of the same code on this kind of machine says about a level: an ordinary
/// run, one of an interrupted calibration, or one of the whole suite. Its time says nothing of the
/// level, since other tests may have run in it too.
///
/// @param run id of the run
/// @param workers the most tests of the suite that it ran at the same time
/// @param tests how many tests of the suite ran in it; a pass of all of them speaks for the level
/// @param failed tests of the suite that failed in it
/// @param troubles what went wrong beside failing tests
public record PastRun(
    String run, int workers, int tests, List<String> failed, List<String> troubles) {
  public PastRun {
    if (workers < 1) {
      throw new IllegalArgumentException("workers: " + workers);
    }
    failed = List.copyOf(failed);
    troubles = List.copyOf(troubles);
  }
}
