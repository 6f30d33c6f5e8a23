package dev.plimsoll.schedule;

import java.util.Locale;

/// What keeps tests together on one worker; the words are those of pytest-xdist's `--dist`
/// (https://pytest-xdist.readthedocs.io/en/stable/distribution.html).
public enum Cohesion {
  /// Tests that share a module- or class-scoped fixture stay together.
  FIXTURES,
  /// All tests of a class or module stay together (`loadscope`).
  SCOPE,
  /// All tests of a file stay together (`loadfile`).
  FILE,
  /// Only `xdist_group` marks keep tests together (`loadgroup`).
  POOL;

  /// The constraint that a project's `--dist` value asks for.
  public static Cohesion ofDist(String dist) {
    return switch (dist.toLowerCase(Locale.ROOT)) {
      case "loadscope" -> SCOPE;
      case "loadfile" -> FILE;
      default -> FIXTURES;
    };
  }
}
