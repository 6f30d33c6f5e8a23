package dev.plimsoll.config.schema;

/// What runs first inside a group.
public enum TestOrder {
  /// As collected where an option (`--ff`), a plugin or a conftest has put the tests in their
  /// order; else by path, so that the order never changes by itself (R5); but the longest first
  /// where several workers share one pool.
  AUTO,
  LONGEST,
  PATH
}
