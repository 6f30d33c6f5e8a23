package dev.plimsoll.config;

import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.config.schema.Setting;
import dev.plimsoll.config.schema.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds and reads the configuration of the project that a directory belongs to.
///
/// Searches upward for the first `plimsoll.toml` or `pyproject.toml` with `[tool.plimsoll]`, up to
/// the top of the git work tree. Without one, the project is the top of the work tree; outside of
/// git it is the nearest parent directory with pytest's settings, or the directory itself.
public final class ConfigLoader {
  private final ConfigSchema schema;

  public ConfigLoader(ConfigSchema schema) {
    this.schema = schema;
  }

  /// Find and read the file, if there is one, and apply the overrides.
  ///
  /// @param current the directory to start from
  /// @throws dev.plimsoll.model.UserError when the file cannot be read or used
  public Config load(Path current, Overrides overrides) {
    Path from = current.toAbsolutePath().normalize();
    var warnings = new ArrayList<String>();
    for (Path folder = from; folder != null; folder = folder.getParent()) {
      Optional<ConfigFile> file = inFolder(folder, from, warnings);
      boolean top = Files.exists(folder.resolve(".git"));
      if (file.isPresent() || top) {
        return config(folder, file, overrides, warnings);
      }
    }
    return config(PytestSettings.folder(from).orElse(from), Optional.empty(), overrides, warnings);
  }

  /// Read a file that the user named; its directory is the project.
  public Config loadFile(Path path, Path current, Overrides overrides) {
    Path from = current.toAbsolutePath().normalize();
    ConfigFile file = ConfigFile.named(path, from);
    return config(file.path().resolveSibling(""), Optional.of(file), overrides, List.of());
  }

  private static Optional<ConfigFile> inFolder(Path folder, Path from, List<String> warnings) {
    ConfigFile.misspelt(folder, from).ifPresent(warnings::add);
    Optional<ConfigFile> own = ConfigFile.own(folder, from);
    if (own.isEmpty()) {
      return ConfigFile.shared(folder, from);
    }
    Path shared = folder.resolve(ConfigFile.SHARED);
    if (Files.isRegularFile(shared) && ConfigFile.shared(folder, from).isPresent()) {
      warnings.add(
          "ignored `[tool.plimsoll]` in "
              + shared
              + ", because the same directory has a plimsoll.toml");
    }
    return own;
  }

  private Config config(
      Path root, Optional<ConfigFile> file, Overrides overrides, List<String> warnings) {
    Optional<ConfigReader> reader = file.map(found -> new ConfigReader(schema, found));
    Map<String, Setting<?>> given = reader.map(ConfigReader::settings).orElse(Map.of());
    Map<String, List<Entry>> entries = reader.map(ConfigReader::entries).orElse(Map.of());
    Values values = schema.defaults().with(given).with(overrides.settings());
    return new Config(
        root.toAbsolutePath().normalize(),
        file.map(ConfigFile::path),
        values,
        groups(values.get(Keys.GROUPS_ORDER), entries),
        entries,
        warnings);
  }

  private static List<Entry> groups(List<String> order, Map<String, List<Entry>> entries) {
    var byName = new LinkedHashMap<String, Entry>();
    for (Entry entry : entries.getOrDefault(GroupKeys.SECTION.name(), List.of())) {
      byName.put(entry.name(), entry);
    }
    return order.stream()
        .map(name ->
            byName.getOrDefault(
                name, new Entry(name, GroupKeys.SECTION.defaults(name), new Origin.Default())))
        .toList();
  }
}
