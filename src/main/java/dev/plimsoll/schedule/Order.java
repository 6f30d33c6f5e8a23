package dev.plimsoll.schedule;

/// The order of units inside a group.
public enum Order {
  /// Longest expected first, so that no long test is left for the end.
  LONGEST,
  /// By path, as collected: the order never changes by itself.
  PATH
}
