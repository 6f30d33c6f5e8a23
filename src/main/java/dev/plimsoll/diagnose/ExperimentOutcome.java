package dev.plimsoll.diagnose;

/// The outcome of the test in an experiment.
public enum ExperimentOutcome {
  PASSED,
  FAILED,
  /// No experiment ran: the time budget is used up, or the user stopped the search.
  STOPPED
}
