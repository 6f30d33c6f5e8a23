package dev.plimsoll.config.schema;

/// The order of tests inside a group.
public enum TestOrder {
  /// As collected if an option (`--ff`), a plugin or a conftest reordered the tests. Otherwise by
  /// path, so that the order hardly changes from run to run, with tests early that would run on at
  /// the end; but the longest first if several workers share one pool.
  AUTO,
  LONGEST,
  PATH,
  /// Most likely to fail for its time first: by how each test ended in its last runs.
  FAILED_FIRST
}
