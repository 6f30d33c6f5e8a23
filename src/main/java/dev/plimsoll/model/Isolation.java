package dev.plimsoll.model;

/// What gets a worker process of its own: nothing, each file or each test.
public enum Isolation {
  NONE,
  FILE,
  TEST
}
