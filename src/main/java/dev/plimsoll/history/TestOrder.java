package dev.plimsoll.history;

/// What the list of tests is sorted by, the greatest first.
public enum TestOrder {
  /// Mean duration.
  SLOWEST,
  /// Largest peak memory.
  LARGEST
}
