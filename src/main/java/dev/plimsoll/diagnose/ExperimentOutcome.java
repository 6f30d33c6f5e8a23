package dev.plimsoll.diagnose;

/// What became of the test in an experiment.
public enum ExperimentOutcome {
  PASSED,
  FAILED,
  /// No experiment was made: the time is used up, or the user wants to stop.
  STOPPED
}
