package dev.plimsoll.config.schema;

/// How pytest runs in parallel.
public enum EngineName {
  /// Fork where that is safe, spawn where it is not.
  AUTO,
  FORK,
  SPAWN,
  XDIST
}
