package dev.plimsoll.diagnose;

/// Makes experiments.
public interface ExperimentDriver {
  /// Run the test in this interfering set, each time in fresh processes.
  Observation observe(ExperimentSetup trial);
}
