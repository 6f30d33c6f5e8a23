package dev.plimsoll.config.schema;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The settings of one table by key name. Every key of the table has one.
public record Values(Map<String, Setting<?>> settings) {
  public Values {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /// The value of a key.
  ///
  /// @throws IllegalArgumentException when the key is not in the schema
  public <T> T get(Key<T> key) {
    return setting(key).value();
  }

  /// The value of a key with its origin.
  ///
  /// @throws IllegalArgumentException when the key is not in the schema
  @SuppressWarnings("unchecked") // a setting is stored under the name of the key that made it
  public <T> Setting<T> setting(Key<T> key) {
    Setting<?> setting = settings.get(key.name());
    if (setting == null) {
      throw new IllegalArgumentException("not in the schema: " + key.name());
    }
    return (Setting<T>) setting;
  }

  public Collection<Setting<?>> all() {
    return settings.values();
  }

  public Values with(Map<String, Setting<?>> given) {
    var merged = new LinkedHashMap<>(settings);
    merged.putAll(given);
    return new Values(merged);
  }
}
