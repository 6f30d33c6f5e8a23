package dev.plimsoll.diagnose;

/// What interfering tests do to a test.
public enum Effect {
  /// It passes alone and fails with interfering tests.
  BREAKS,
  /// It fails alone and passes with other tests: one of them does what the test should do itself.
  MENDS
}
