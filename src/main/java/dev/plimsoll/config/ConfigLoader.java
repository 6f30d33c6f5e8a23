package dev.plimsoll.config;

import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.config.schema.Setting;
import dev.plimsoll.config.schema.Values;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
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
  private final EnvironmentSettings environment;
  private final String profile;

  /// Read files alone.
  public ConfigLoader(ConfigSchema schema) {
    this(schema, Map.of(), "");
  }

  /// Read files and environment variables.
  ///
  /// @param profile name of the profile, or an empty string for the one that the variable
  ///   `PLIMSOLL_PROFILE` names, if any
  public ConfigLoader(ConfigSchema schema, Map<String, String> variables, String profile) {
    this.schema = schema;
    this.environment = new EnvironmentSettings(variables);
    this.profile =
        profile.isEmpty() ? variables.getOrDefault(EnvironmentVariables.PROFILE, "") : profile;
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

  /// Read the file of this directory, which is the project, whatever is above it.
  public Config loadOnly(Path folder, Overrides overrides) {
    Path root = folder.toAbsolutePath().normalize();
    var warnings = new ArrayList<String>();
    return config(root, inFolder(root, root, warnings), overrides, warnings);
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
    Profile chosen = chosen(reader.map(ConfigReader::profiles).orElse(Map.of()));
    Map<String, List<Entry>> entries =
        variables(chosen.over(reader.map(ConfigReader::entries).orElse(Map.of())));
    Values values =
        schema
            .defaults()
            .with(given)
            .with(chosen.settings())
            .with(environment.of(schema.keys(), ""))
            .with(overrides.settings());
    return new Config(
        root.toAbsolutePath().normalize(),
        file.map(ConfigFile::path),
        profile,
        values,
        groups(values.get(Keys.GROUPS_ORDER), entries),
        entries,
        warnings);
  }

  private Profile chosen(Map<String, Profile> profiles) {
    Profile chosen = profile.isEmpty() ? Profile.NONE : profiles.get(profile);
    if (chosen == null) {
      throw new UserError(
          "there is no profile `" + profile + "`",
          profiles.isEmpty()
              ? "the configuration has no table `[profile.NAME]`"
              : "the profiles are " + String.join(", ", profiles.keySet()),
          Nearest.to(profile, List.copyOf(profiles.keySet()))
              .map(name -> "did you mean `" + name + "`?")
              .orElse("add `[profile." + profile + "]` to plimsoll.toml"),
          ExitCode.CONFIG);
    }
    return chosen;
  }

  /// The tables of the sections, with the values of environment variables.
  private Map<String, List<Entry>> variables(Map<String, List<Entry>> entries) {
    var all = new LinkedHashMap<String, List<Entry>>();
    entries.forEach((name, tables) -> all.put(name, tables.stream().map(this::variables).toList()));
    return all;
  }

  private Entry variables(Entry entry) {
    List<Key<?>> keys = new ArrayList<>();
    entry.values().all().forEach(setting -> keys.add(setting.key()));
    if (keys.isEmpty()) {
      return entry;
    }
    Setting<?> first = entry.values().all().iterator().next();
    String table = first.name().substring(0, first.name().length() - first.key().name().length());
    return new Entry(
        entry.name(), entry.values().with(environment.of(keys, table)), entry.origin());
  }

  private List<Entry> groups(List<String> order, Map<String, List<Entry>> entries) {
    var byName = new LinkedHashMap<String, Entry>();
    for (Entry entry : entries.getOrDefault(GroupKeys.SECTION.name(), List.of())) {
      byName.put(entry.name(), entry);
    }
    return order.stream()
        .map(name ->
            byName.containsKey(name)
                ? byName.get(name)
                : variables(
                    new Entry(name, GroupKeys.SECTION.defaults(name), new Origin.Default())))
        .toList();
  }
}
