package dev.plimsoll.config;

import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.Section;
import dev.plimsoll.config.schema.Setting;
import dev.plimsoll.config.schema.Values;
import java.util.List;
import java.util.TreeMap;

/// The reference of all keys, generated from the {@link ConfigSchema}.
public final class ConfigReference {
  private ConfigReference() {}

  /// For the terminal.
  public static String plain(ConfigSchema schema) {
    var text = new StringBuilder();
    schema.keys().forEach(key -> describe(text, key.name(), key));
    for (Section section : schema.sections()) {
      text.append(heading(section)).append('\n');
      section.keys().forEach(key -> describe(text, "  " + key.name(), key));
    }
    return text.toString();
  }

  private static <T> void describe(StringBuilder text, String name, Key<T> key) {
    String indent = name.startsWith(" ") ? "      " : "    ";
    text.append(name)
        .append(" = ")
        .append(key.type().toml(key.fallback()))
        .append('\n')
        .append(indent)
        .append(key.doc())
        .append('\n')
        .append(indent)
        .append("Must be ")
        .append(key.type().forms())
        .append(".\n");
  }

  /// The tables of docs/configuration.md.
  public static String markdown(ConfigSchema schema) {
    var text = new StringBuilder();
    table(text, schema.keys());
    for (Section section : schema.sections()) {
      text.append("\n## `").append(heading(section)).append("`\n\n");
      text.append(section.doc()).append("\n\n");
      table(text, section.keys());
      presets(text, section);
    }
    return text.toString();
  }

  private static String heading(Section section) {
    return switch (section.shape()) {
      case NAMED -> "[" + section.name() + ".NAME]";
      case LIST -> "[[" + section.name() + "]]";
    };
  }

  private static void table(StringBuilder text, List<Key<?>> keys) {
    text.append("| key | default | meaning | accepted |\n| --- | --- | --- | --- |\n");
    keys.forEach(key -> row(text, key));
  }

  private static <T> void row(StringBuilder text, Key<T> key) {
    text.append(
        "| `%s` | `%s` | %s | %s |%n"
            .formatted(key.name(), key.type().toml(key.fallback()), key.doc(), key.type().forms())
            .replace(System.lineSeparator(), "\n"));
  }

  private static void presets(StringBuilder text, Section section) {
    new TreeMap<>(section.presets())
        .forEach((entry, keys) -> {
          Values values = section.defaults(entry);
          values.all().stream()
              .filter(setting -> keys.containsKey(setting.key().name()))
              .forEach(setting -> preset(text, setting));
        });
  }

  private static void preset(StringBuilder text, Setting<?> setting) {
    text.append("\nDefault of `%s`: `%s`.\n".formatted(setting.name(), setting.toml()));
  }
}
