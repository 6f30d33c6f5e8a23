package dev.plimsoll.config.schema;

/// How pytest runs in parallel.
public enum EngineName {
  FORK,
  SPAWN,
  XDIST
}
