package dev.plimsoll.config.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A repeated table: `[groups.NAME]` ({@link Shape#NAMED}) or `[[stage]]` ({@link Shape#LIST}). A
/// single table such as `[preflight]` needs no section: its keys have dotted names.
///
/// @param name the table's dotted name, without the repeated part
/// @param keys the keys of one such table
/// @param presets defaults by entry name that differ from those of the keys
public record Section(
    String name, Shape shape, String doc, List<Key<?>> keys, Map<String, Map<String, ?>> presets) {
  public enum Shape {
    NAMED,
    LIST
  }

  public Section {
    keys = List.copyOf(keys);
    presets = Map.copyOf(presets);
  }

  public static Section named(String name, String doc, List<Key<?>> keys) {
    return new Section(name, Shape.NAMED, doc, keys, Map.of());
  }

  public static Section list(String name, String doc, List<Key<?>> keys) {
    return new Section(name, Shape.LIST, doc, keys, Map.of());
  }

  /// This section with a different default for one key of one entry.
  public <T> Section preset(String entry, Key<T> key, T value) {
    var all = new LinkedHashMap<String, Map<String, ?>>(presets);
    var values = new LinkedHashMap<String, Object>(presets.getOrDefault(entry, Map.of()));
    values.put(key.name(), value);
    all.put(entry, values);
    return new Section(name, shape, doc, keys, all);
  }

  /// The default values of an entry.
  public Values defaults(String entry) {
    String prefix = name + "." + entry + ".";
    var settings = new LinkedHashMap<String, Setting<?>>();
    for (Key<?> key : keys) {
      settings.put(key.name(), preset(entry, key, prefix));
    }
    return new Values(settings);
  }

  @SuppressWarnings("unchecked") // presets are only made by preset(), which takes the key's type
  private <T> Setting<T> preset(String entry, Key<T> key, String prefix) {
    Object value = presets.getOrDefault(entry, Map.of()).get(key.name());
    return value == null
        ? key.byDefault(prefix)
        : new Setting<>(prefix + key.name(), key, (T) value, new Origin.Default());
  }
}
