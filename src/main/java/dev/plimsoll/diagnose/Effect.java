package dev.plimsoll.diagnose;

/// What interfering set does to a test.
public enum Effect {
  /// It passes alone and fails with interfering tests.
  BREAKS,
  /// It fails alone and passes with interfering tests: another test does what it should do itself.
  MENDS;

  boolean showsIn(ExperimentOutcome outcome) {
    return outcome == (this == BREAKS ? ExperimentOutcome.FAILED : ExperimentOutcome.PASSED);
  }
}
