package dev.plimsoll.schedule;

/// The order of units inside a group.
public enum UnitOrder {
  /// Longest expected first, so that no long test is left for the end.
  LONGEST,
  /// By path, and as collected in each file: the order does not change from run to run.
  PATH,
  /// By path, but units that would run on at the end while other workers are idle begin first.
  SHORT_TAIL,
  /// Most likely to fail for its time first, so that a failure shows early.
  FAILED_FIRST,
  /// As collected.
  COLLECTED
}
