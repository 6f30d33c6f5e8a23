package dev.plimsoll.config.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The type of the value of a {@link Key}. {@link Types} has the common ones.
public interface Type<T> {
  /// What the value must be: "a string", "a size such as ...".
  String forms();

  /// The same in the plural, for a list or a table: "strings".
  default String many() {
    return "values, each " + forms();
  }

  /// Read a value from a file: a `String`, `Long`, `Double`, `Boolean`, `List` or `Map`. Empty if
  /// the value is not of this type.
  Optional<T> read(Object value);

  /// Read the argument of a command-line option.
  default Optional<T> readText(String text) {
    return read(text);
  }

  /// The value as a `String`, `Long`, `Double`, `Boolean`, `List` or `Map`, the inverse of {@link
  /// #read}.
  Object plain(T value);

  /// The value in TOML syntax.
  default String toml(T value) {
    return TomlWriter.of(plain(value));
  }

  /// The JSON schema of the values that a file may have: which kinds of values {@link #read} takes.
  default Map<String, Object> jsonSchema() {
    List<String> words = words();
    return words.isEmpty() ? Samples.schemaOf(this) : Map.of("enum", words);
  }

  /// The valid words, to suggest one for a misspelled value; empty if there is no such list.
  default List<String> words() {
    return List.of();
  }
}
