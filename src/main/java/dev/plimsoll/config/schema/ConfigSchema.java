package dev.plimsoll.config.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Everything that a configuration file may hold.
///
/// A new key is one constant in {@link Keys}. A new kind of table is a class such as {@link
/// GroupKeys} with its keys and a {@link Section}, and its line in {@link #STANDARD}; its tables
/// are then `config.entries(SECTION)`.
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

  /// The values of a project without any configuration.
  public Values defaults() {
    var settings = new java.util.LinkedHashMap<String, Setting<?>>();
    keys.forEach(key -> settings.put(key.name(), key.byDefault("")));
    return new Values(settings);
  }

  /// Whether keys or sections live in a table of this dotted name.
  public boolean hasTable(String path) {
    return names().anyMatch(name -> name.startsWith(path + "."));
  }

  /// What may stand where a wrong name stands: names at any depth, as one would write them.
  public Stream<String> names() {
    return Stream.concat(
        keys.stream().map(Key::name), sections.stream().map(section -> section.name() + ".NAME"));
  }
}
