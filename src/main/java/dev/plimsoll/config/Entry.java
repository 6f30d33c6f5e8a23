package dev.plimsoll.config;

import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.config.schema.Values;

/// One table of a {@link Section}.
///
/// @param name NAME of `[section.NAME]`; the position, from 1, in a list of tables
public record Entry(String name, Values values, Origin origin) {
  public <T> T get(Key<T> key) {
    return values.get(key);
  }
}
