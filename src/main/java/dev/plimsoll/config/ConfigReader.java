package dev.plimsoll.config;

import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.Keys;
import dev.plimsoll.config.schema.Origin;
import dev.plimsoll.config.schema.Section;
import dev.plimsoll.config.schema.Setting;
import dev.plimsoll.config.schema.TomlWriter;
import dev.plimsoll.config.schema.Type;
import dev.plimsoll.config.schema.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/// Reads one file against a {@link ConfigSchema}. Collects all errors and reports them together.
final class ConfigReader {
  private static final String PROFILE = "profile";

  private final ConfigSchema schema;
  private final ConfigFile file;
  private final Map<String, Setting<?>> settings = new LinkedHashMap<>();
  private final Map<String, List<Entry>> entries = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private final Map<String, Profile> profiles = new LinkedHashMap<>();

  ConfigReader(ConfigSchema schema, ConfigFile file) {
    this.schema = schema;
    this.file = file;
    readTable(file.table(), "");
    checkGroups(settings.get(Keys.GROUPS_ORDER.name()));
    readProfiles(file.table());
    if (!problems.isEmpty()) {
      throw Problem.error(problems, file.name());
    }
  }

  /// A reader of the table of one profile.
  private ConfigReader(ConfigReader whole, TomlTable table) {
    this.schema = whole.schema;
    this.file = whole.file;
    readTable(table, "");
    String order = Keys.GROUPS_ORDER.name();
    checkGroups(settings.containsKey(order) ? settings.get(order) : whole.settings.get(order));
  }

  private void readProfiles(TomlTable table) {
    if (!table.isTable(PROFILE)) {
      return;
    }
    TomlTable all = table.getTableOrEmpty(PROFILE);
    for (String name : all.keySet()) {
      if (all.isTable(List.of(name))) {
        var reader = new ConfigReader(this, all.getTableOrEmpty(List.of(name)));
        problems.addAll(reader.problems);
        profiles.put(name, new Profile(reader.settings, reader.entries));
      } else {
        unknown(PROFILE + "." + name, ConfigFile.lineOf(all, List.of(name)), List.of());
      }
    }
  }

  /// The profiles in the file, by name.
  Map<String, Profile> profiles() {
    return profiles;
  }

  /// The settings in the file, by key name.
  Map<String, Setting<?>> settings() {
    return settings;
  }

  Map<String, List<Entry>> entries() {
    return entries;
  }

  /// @param table the file's own one, or one inside it
  @SuppressWarnings("ReferenceEquality") // a profile may equal the whole file
  private void readTable(TomlTable table, String prefix) {
    Map<String, Key<?>> keys = byName(schema.keys(), Key::name);
    for (String name : table.keySet()) {
      String path = prefix + name;
      if (path.equals(PROFILE) && table == file.table()) {
        continue; // it has the same keys once more
      }
      int line = ConfigFile.lineOf(table, List.of(name));
      Key<?> key = keys.get(path);
      if (key != null) {
        setting(key, path, table, name).ifPresent(read -> settings.put(read.key().name(), read));
      } else if (!readSection(table, prefix, name, line)) {
        readInner(table, path, name, line);
      }
    }
  }

  private void readInner(TomlTable table, String path, String name, int line) {
    boolean group =
        schema.sections().stream().anyMatch(section -> path.startsWith(section.name() + "."));
    if (!schema.hasTable(path) && group && suggestion(path, schema.names().toList()).isEmpty()) {
      Object value = plain(table.get(List.of(name)));
      wrong(path, value, line, "a table headed `[" + path + "]`", List.of());
    } else if (!schema.hasTable(path)) {
      unknown(path, line, schema.names().toList());
    } else if (table.isTable(List.of(name))) {
      readTable(table.getTableOrEmpty(List.of(name)), path + ".");
    } else {
      wrong(path, plain(table.get(List.of(name))), line, "a table", List.of());
    }
  }

  /// Read a table of a section; false if no section has this name.
  private boolean readSection(TomlTable table, String prefix, String name, int line) {
    for (Section section : schema.sections()) {
      boolean named =
          section.shape() == Section.Shape.NAMED
              && prefix.equals(section.name() + ".")
              && table.isTable(List.of(name));
      if (named) {
        readEntry(section, name, table.getTableOrEmpty(List.of(name)), line);
        return true;
      }
      if (section.shape() == Section.Shape.LIST && section.name().equals(prefix + name)) {
        readList(section, table, name, line);
        return true;
      }
    }
    return false;
  }

  private void readList(Section section, TomlTable table, String name, int line) {
    Object value = table.get(List.of(name));
    boolean tables =
        value instanceof TomlArray array
            && array.toList().stream().allMatch(TomlTable.class::isInstance);
    if (!tables) {
      wrong(
          section.name(),
          plain(value),
          line,
          "tables headed `[[" + section.name() + "]]`",
          List.of());
      return;
    }
    TomlArray list = table.getArrayOrEmpty(List.of(name));
    for (int i = 0; i < list.size(); i++) {
      readEntry(
          section,
          String.valueOf(i + 1),
          list.getTable(i),
          Objects.requireNonNull(list.inputPositionOf(i)).line());
    }
  }

  private void readEntry(Section section, String name, TomlTable table, int line) {
    Map<String, Key<?>> keys = byName(section.keys(), Key::name);
    var given = new LinkedHashMap<String, Setting<?>>();
    String prefix = section.name() + "." + name + ".";
    for (String inner : table.keySet()) {
      int at = ConfigFile.lineOf(table, List.of(inner));
      Key<?> key = keys.get(inner);
      if (key == null) {
        unknown(prefix + inner, at, keys.keySet().stream().map(known -> prefix + known).toList());
      } else {
        setting(key, prefix + inner, table, inner).ifPresent(read -> given.put(inner, read));
      }
    }
    entries
        .computeIfAbsent(section.name(), _ -> new ArrayList<>())
        .add(
            new Entry(
                name, section.defaults(name).with(given), new Origin.InFile(file.path(), line)));
  }

  private <T> Optional<Setting<T>> setting(Key<T> key, String path, TomlTable table, String name) {
    int line = ConfigFile.lineOf(table, List.of(name));
    Optional<T> read = key.type().read(plain(table.get(List.of(name))));
    if (read.isEmpty()) {
      wrong(key.type(), path, table, name);
    }
    return read.map(good -> new Setting<>(path, key, good, new Origin.InFile(file.path(), line)));
  }

  /// Report a value of the wrong type; for a table, report each wrong value inside it.
  private void wrong(Type<?> type, String path, TomlTable table, String name) {
    List<String> inside = List.of(name);
    if (type instanceof Types.TableOf<?> each && table.isTable(inside)) {
      TomlTable inner = table.getTableOrEmpty(inside);
      inner.keySet().stream()
          .filter(key -> each.element().read(plain(inner.get(List.of(key)))).isEmpty())
          .forEach(key -> wrong(each.element(), path + "." + quoted(key), inner, key));
    } else {
      Object value = plain(table.get(inside));
      wrong(path, value, ConfigFile.lineOf(table, inside), type.forms(), type.words());
    }
  }

  /// A name as TOML writes it in a dotted key.
  private static String quoted(String name) {
    return name.matches("[A-Za-z0-9_-]+") ? name : TomlWriter.of(name);
  }

  private void wrong(String path, Object value, int line, String forms, List<String> words) {
    String shown = "`" + TomlWriter.of(value) + "`";
    String hint =
        Nearest.to(value.toString(), words).map(word -> "did you mean `" + word + "`?").orElse("");
    problems.add(
        new Problem(
            line, "invalid value " + shown + " for `" + path + "`", "must be " + forms, hint));
  }

  private void unknown(String path, int line, List<String> valid) {
    problems.add(
        new Problem(
            line,
            "unknown key `" + path + "`",
            "Plimsoll has no key with this name",
            suggestion(path, valid)
                .map(word -> "did you mean `" + word + "`?")
                .orElse("`plimsoll config --keys` lists every key")));
  }

  /// The nearest name in the same table, otherwise the same name in another table, otherwise the
  /// nearest name or table.
  private static Optional<String> suggestion(String path, List<String> valid) {
    String parent = path.substring(0, path.lastIndexOf('.') + 1);
    String last = path.substring(parent.length());
    var candidates = new LinkedHashSet<>(valid);
    for (String name : valid) {
      if (name.contains(".")) {
        candidates.add(name.substring(0, name.lastIndexOf('.')));
      }
    }
    return Nearest.to(last, siblings(parent, candidates))
        .map(name -> parent + name)
        .or(() -> valid.stream().filter(name -> name.endsWith("." + last)).findFirst());
  }

  private static List<String> siblings(String parent, Collection<String> names) {
    return names.stream()
        .filter(name -> name.startsWith(parent))
        .map(name -> name.substring(parent.length()))
        .filter(name -> !name.contains(".") && !name.equals("NAME"))
        .toList();
  }

  private void checkGroups(@Nullable Setting<?> given) {
    var order = GroupOrder.of(given);
    problems.addAll(order.problems());
    for (Entry entry : entries.getOrDefault(GroupKeys.SECTION.name(), List.of())) {
      order.problem(entry).ifPresent(problems::add);
    }
  }

  private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
    return all.stream().collect(Collectors.toMap(name, Function.identity()));
  }

  static Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case TomlArray array -> array.toList().stream().map(ConfigReader::plain).toList();
      case TomlTable table -> {
        var map = new LinkedHashMap<String, Object>();
        table.keySet().forEach(name -> map.put(name, plain(table.get(List.of(name)))));
        yield map;
      }
      default -> value;
    };
  }
}
