package dev.plimsoll.schedule;

import java.util.Locale;

/// What keeps tests together on one worker; the words are those of pytest-xdist's `--dist`
/// (https://pytest-xdist.readthedocs.io/en/stable/distribution.html).
public enum Cohesion {
  /// Tests that share a module- or class-scoped fixture or an `xdist_group` stay together.
  FIXTURES,
  /// All tests of a class, and all functions of a module, stay together (`loadscope`).
  SCOPE,
  /// All tests of a file stay together (`loadfile`).
  FILE;

  /// The constraint that a project's `--dist` value asks for.
  public static Cohesion ofDist(String dist) {
    return switch (dist.toLowerCase(Locale.ROOT)) {
      case "loadscope" -> SCOPE;
      case "loadfile" -> FILE;
      default -> FIXTURES;
    };
  }

  /// What a test shares with those that it stays together with, empty when it is free.
  ///
  /// @param id its node id
  /// @param path its file
  /// @param fixtures node id of the module or class whose fixtures it uses, empty when none
  /// @param pool its `xdist_group`, empty when none; as in pytest-xdist it binds under no other
  ///   `--dist` than `loadgroup` and the default
  public String unit(String id, String path, String fixtures, String pool) {
    return switch (this) {
      case FIXTURES -> pool.isEmpty() ? fixtures : "xdist_group " + pool;
      case SCOPE -> scope(id, path);
      case FILE -> path;
    };
  }

  /// The node id without its last name; parameters may hold any text.
  private static String scope(String id, String path) {
    int parameters = id.indexOf('[', id.startsWith(path) ? path.length() : 0);
    int end = id.lastIndexOf("::", parameters < 0 ? id.length() : parameters);
    return end < 0 ? path : id.substring(0, end);
  }
}
