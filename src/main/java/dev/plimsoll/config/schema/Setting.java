package dev.plimsoll.config.schema;

/// The effective value of a key and where it comes from.
///
/// @param name full name, such as `groups.heavy.paths`
public record Setting<T>(String name, Key<T> key, T value, Origin origin) {
  public boolean isDefault() {
    return origin instanceof Origin.Default;
  }

  /// The value in TOML syntax.
  public String toml() {
    return key.type().toml(value);
  }

  /// The value as numbers, strings, booleans, lists and maps.
  public Object plain() {
    return key.type().plain(value);
  }
}
