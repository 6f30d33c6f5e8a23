package dev.plimsoll.config;

import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.config.schema.Section;
import dev.plimsoll.config.schema.Setting;
import dev.plimsoll.config.schema.Values;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The effective configuration of a project.
///
/// @param root the project's directory: that of the file, or of the git work tree, or the current
/// @param file the file that was read, if there is one
/// @param profile name of the profile, empty for none
/// @param values the settings outside sections; read one with {@link #get}
/// @param groups the groups in their order, each with every key
/// @param entries the tables of all sections by section name, in the order of the file
/// @param warnings for the user
public record Config(
    Path root,
    Optional<Path> file,
    String profile,
    Values values,
    List<Entry> groups,
    Map<String, List<Entry>> entries,
    List<String> warnings) {
  public Config {
    groups = List.copyOf(groups);
    entries = Map.copyOf(entries);
    warnings = List.copyOf(warnings);
  }

  public <T> T get(Key<T> key) {
    return values.get(key);
  }

  public <T> Origin origin(Key<T> key) {
    return values.setting(key).origin();
  }

  /// The tables that the file holds for a section.
  public List<Entry> entries(Section section) {
    return entries.getOrDefault(section.name(), List.of());
  }

  public Optional<Entry> group(String name) {
    return groups.stream().filter(group -> group.name().equals(name)).findFirst();
  }

  /// The folder of the group lists.
  public Path groupsFolder() {
    return root.resolve(get(Keys.GROUPS_FOLDER));
  }

  /// The time limit of a group's tests: its own if set (even to `none`), otherwise the general one.
  public Optional<Duration> timeout(Entry group) {
    Setting<Optional<Duration>> own = group.values().setting(GroupKeys.TIMEOUT);
    return own.isDefault() ? get(Keys.TIMEOUT) : own.value();
  }
}
