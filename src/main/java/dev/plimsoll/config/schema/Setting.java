package dev.plimsoll.config.schema;

/// The effective value of a key and where it came from.
///
/// @param name full name, such as `groups.heavy.paths`
public record Setting<T>(String name, Key<T> key, T value, Origin origin) {
  public boolean isDefault() {
    return origin instanceof Origin.Default;
  }

  /// The value as one would write it in TOML.
  public String toml() {
    return key.type().toml(value);
  }

  /// The value as numbers, texts, booleans, lists and maps.
  public Object plain() {
    return key.type().plain(value);
  }
}
