package dev.plimsoll.config;

/// What runs first inside a group.
public enum TestOrder {
  LONGEST,
  PATH
}
