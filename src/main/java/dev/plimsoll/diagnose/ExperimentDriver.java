package dev.plimsoll.diagnose;

/// Runs experiments; the search does not know how.
public interface ExperimentDriver {
  /// Run the test together with these other tests, each time in fresh processes.
  Observation observe(ExperimentSetup trial);
}
