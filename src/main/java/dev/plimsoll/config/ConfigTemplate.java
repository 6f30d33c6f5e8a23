package dev.plimsoll.config;

import dev.plimsoll.config.schema.ConfigSchema;
import dev.plimsoll.config.schema.GroupKeys;
import dev.plimsoll.config.schema.Key;
import dev.plimsoll.config.schema.Setting;
import java.util.ArrayList;
import java.util.List;

/// The text of a new plimsoll.toml: every key with its meaning and default, commented out, so that
/// the project gets new defaults of later versions.
public final class ConfigTemplate {
  private static final int WIDTH = 96;

  private ConfigTemplate() {}

  /// Write the file for a schema.
  ///
  /// @param groups the names of the project's groups
  public static String text(ConfigSchema schema, List<String> groups) {
    var text = new StringBuilder();
    text.append(
        "## Configuration of Plimsoll. Every line shows a default. To change one, remove the"
            + " `#`\n");
    text.append("## before the key and before the name of its table.\n");
    text.append("## `plimsoll config` prints every value and where it comes from.\n");
    for (String table : tables(schema)) {
      if (!table.isEmpty()) {
        text.append("\n# [").append(table).append("]\n");
      }
      schema.keys().stream()
          .filter(key -> table(key).equals(table))
          .forEach(key -> key(text, key.byDefault("")));
    }
    groups.forEach(group -> group(text, group));
    return text.toString();
  }

  private static List<String> tables(ConfigSchema schema) {
    return new ArrayList<>(schema.keys().stream().map(ConfigTemplate::table).distinct().toList());
  }

  private static String table(Key<?> key) {
    int dot = key.name().lastIndexOf('.');
    return dot < 0 ? "" : key.name().substring(0, dot);
  }

  private static void group(StringBuilder text, String name) {
    text.append("\n# [").append(GroupKeys.SECTION.name()).append('.').append(name).append("]\n");
    for (Setting<?> setting : GroupKeys.SECTION.defaults(name).all()) {
      key(text, setting);
    }
  }

  private static void key(StringBuilder text, Setting<?> setting) {
    String name = setting.name().substring(setting.name().lastIndexOf('.') + 1);
    comment(text, setting.key().doc());
    comment(text, "Must be " + setting.key().type().forms() + ".");
    text.append("# ").append(name).append(" = ").append(setting.toml()).append('\n');
  }

  /// Explanations start with `##`, to distinguish them from keys.
  private static void comment(StringBuilder text, String sentence) {
    var line = new StringBuilder("##");
    for (String word : sentence.split(" ", -1)) {
      if (line.length() + word.length() >= WIDTH) {
        text.append(line).append('\n');
        line = new StringBuilder("##");
      }
      line.append(' ').append(word);
    }
    text.append(line).append('\n');
  }
}
