package dev.plimsoll.config.schema;

import java.util.Optional;

/// What the value of a {@link Key} may be. The usual ones are in {@link Types}.
public interface Type<T> {
  /// The accepted forms, as the end of the sentence "it must be ...".
  String forms();

  /// Read a value of a file: a `String`, `Long`, `Double`, `Boolean`, `List` or `Map`; empty when
  /// it is none of the {@link #forms()}.
  Optional<T> read(Object value);

  /// Read the argument of a command-line option.
  default Optional<T> readText(String text) {
    return read(text);
  }

  /// The value as a `String`, `Long`, `Double`, `Boolean`, `List` or `Map` that {@link #read}
  /// takes.
  Object plain(T value);

  /// The value as one would write it in TOML.
  default String toml(T value) {
    return TomlWriter.of(plain(value));
  }

  /// The valid words that a wrong one is compared with, or none.
  default java.util.List<String> words() {
    return java.util.List.of();
  }
}
