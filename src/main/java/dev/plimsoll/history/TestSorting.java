package dev.plimsoll.history;

/// What the list of tests is sorted by, the greatest first.
public enum TestSorting {
  /// Mean duration.
  SLOWEST,
  /// Largest peak memory.
  LARGEST
}
