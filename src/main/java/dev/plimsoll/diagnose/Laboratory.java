package dev.plimsoll.diagnose;

/// Makes experiments.
public interface Laboratory {
  /// Run the test in this company, each time in fresh processes.
  Observation observe(Trial trial);
}
