package dev.plimsoll.config;

/// How pytest runs in parallel.
public enum EngineName {
  FORK,
  SPAWN,
  XDIST
}
