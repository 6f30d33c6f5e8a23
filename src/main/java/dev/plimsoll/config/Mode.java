package dev.plimsoll.config;

/// How groups share the machine: one after another, or all in one pool.
public enum Mode {
  PHASED,
  PACKED
}
