package dev.plimsoll.config;

/// What gets a fresh worker process.
public enum Isolation {
  NONE,
  FILE,
  TEST
}
