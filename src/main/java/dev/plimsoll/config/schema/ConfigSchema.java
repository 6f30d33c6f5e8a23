package dev.plimsoll.config.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Everything that a configuration file may contain.
///
/// A new key is one constant in {@link Keys}. A new kind of table is a class such as {@link
/// GroupKeys} with its keys and a {@link Section}, and a line in {@link #STANDARD}; read its tables
/// with `config.entries(SECTION)`.
public record ConfigSchema(List<Key<?>> keys, List<Section> sections) {
  public static final ConfigSchema STANDARD =
      new ConfigSchema(
          Stream.concat(Keys.ALL.stream(), ServerKeys.ALL.stream()).toList(),
          List.of(GroupKeys.SECTION, StageKeys.SECTION));

  public ConfigSchema {
    keys = List.copyOf(keys);
    sections = List.copyOf(sections);
  }

  public ConfigSchema with(Section section) {
    var all = new ArrayList<>(sections);
    all.add(section);
    return new ConfigSchema(keys, all);
  }

  /// The values of a project without configuration.
  public Values defaults() {
    var settings = new java.util.LinkedHashMap<String, Setting<?>>();
    keys.forEach(key -> settings.put(key.name(), key.byDefault("")));
    return new Values(settings);
  }

  /// Whether keys or sections are in a table with this dotted name.
  public boolean hasTable(String path) {
    return names().anyMatch(name -> name.startsWith(path + "."));
  }

  /// The valid names at any depth, to suggest one for an unknown name.
  public Stream<String> names() {
    return Stream.concat(
        keys.stream().map(Key::name), sections.stream().map(section -> section.name() + ".NAME"));
  }
}
