package dev.plimsoll.diagnose;

/// What a search looks for.
///
/// @param failure the failure that counts; another one is no proof
record Sought(Effect effect, Failure failure) {
  /// Whether it shows in an experiment.
  boolean isIn(Observation seen) {
    return switch (effect) {
      case BREAKS -> seen.outcome() == ExperimentOutcome.FAILED && failure.isSame(seen.failure());
      case MENDS -> seen.outcome() == ExperimentOutcome.PASSED;
    };
  }

  Sought with(Effect other) {
    return new Sought(other, failure);
  }

  Sought with(Failure other) {
    return new Sought(effect, other);
  }
}
